// Filters the rows of the dependency tables. Without it the page is whole; only the field stays hidden.
const field = document.getElementById("dependency-filter");
const tables = [...document.querySelectorAll(".ecosystem")].map((details) => ({
  details,
  wasOpen: details.open,
  rows: [...details.querySelectorAll("tbody tr")].map((row) => ({
    row,
    text: row.textContent.toLowerCase(),
  })),
}));
const result = field.parentElement.querySelector("output");
field.parentElement.hidden = false;
field.addEventListener("input", () => {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let total = 0;
  for (const { details, wasOpen, rows } of tables) {
    let found = 0;
    for (const { row, text } of rows) {
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) found++;
    }
    details.open = words.length === 0 ? wasOpen : found > 0;
    total += found;
  }
  result.textContent = words.length === 0 ? "" : `${total} found`;
});
