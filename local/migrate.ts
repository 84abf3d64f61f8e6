/** `npm run migrate`: applies what is missing to the database of `DATABASE_URL`. */
import { migrate } from '../shared/data/migrate.ts'
import { config } from '../shared/runtime/config.ts'

const applied = await migrate(config('database').DATABASE_URL)
process.stdout.write(applied.length > 0 ? `Applied: ${applied.join(', ')}\n` : 'Nothing to apply.\n')
