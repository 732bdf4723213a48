-- Reviews that a model still has to add to: few, and looked through every few seconds for those that nobody goes on with.
create index reviews_awaited on reviews (id) where model_state = 'awaited';
