-- The events of a user in their order, for clients that keep up. It serves the foreign key as well, so it takes the place of
-- the index that did.
create index task_event_log_feed on task_event_log (user_id, created_at, id);
drop index task_event_log_user;
