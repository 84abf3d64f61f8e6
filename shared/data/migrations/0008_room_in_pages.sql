-- A notification marks its task as notified. With room on its page the new version of the row stays there and no index has to
-- know of it, which is most of the work of that update. It holds for the pages to come.
alter table tasks set (fillfactor = 85);
