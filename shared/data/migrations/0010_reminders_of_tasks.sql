-- A reminder goes with its task, and the task with its user: that it belongs to the user need not be checked again, nor indexed
-- once when it is planned and once more when it fires.
alter table reminders drop constraint reminders_user_id_fkey;
drop index reminders_user;
