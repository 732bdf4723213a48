/**
 * Letters that nobody sees, in which orders to a model can be hidden, those that turn text around, and ends of lines that are
 * none in a diff. The selector of coloured emoji stays: people type it.
 */
export const unseenLetters = /(?!\ufe0f)[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Zl}\p{Zp}]/gu;
