-- Whether a task's owner was told of its due date is read from its notifications. The version before still writes the column.
comment on column tasks.notified is 'Not used any more; to be dropped by a migration of a later version.';
-- The room was for that write.
alter table tasks reset (fillfactor);
