-- What is still to do, however much was done: a list of open tasks never reads the finished ones.
create index tasks_open_by_due on tasks (user_id, due_at, id) where status = 'open' and deleted_at is null;
