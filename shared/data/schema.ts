/**
 * The last file of `shared/data/migrations/`; a repository test compares them. A function becomes ready only on a database that
 * has it, so a rollout waits for its migration. Older functions do not mind newer files: migrations only add what the
 * functions before them can live with.
 */
export const latestMigration = '0010_reminders_of_tasks.sql'
