/**
 * The recurrence engine beside the npm packages `rrule` and `rrule-temporal`: the first 1,000 occurrences of a rule, from
 * its text to the last instant, in one interleaved run. Run it with `node bench/recurrence.ts`.
 *
 * `rrule` computes without zones here, as if local times were UTC: with a zone it takes about twenty times as long. `rrule-temporal` hands out `ZonedDateTime` objects,
 * ours numbers with objects on demand; asked for an `Instant` each, ours takes about 0.4 ms more.
 */
import { createRequire } from 'node:module'
import { RRuleTemporal } from 'rrule-temporal'
import { nextOccurrence, occurrences } from '../shared/recurrence/expand.ts'
import { parseSeries } from '../shared/recurrence/rrule-parse.ts'
import { median, print } from './report.ts'

// The package says that it is a module and is none: it can only be required.
const { rrulestr } = createRequire(import.meta.url)('rrule') as typeof import('rrule')

type Contender = { name: string; run: () => number }

const zone = 'Europe/Berlin'
const wanted = 1_000

const rules = [
  { what: 'every 3rd Monday', start: '20250120T090000', rule: 'FREQ=MONTHLY;BYDAY=3MO' },
  {
    what: 'every last working day',
    start: '20250131T090000',
    rule: 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
  },
  {
    what: 'every 2 weeks on Monday and Thursday',
    start: '20250120T090000',
    rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH',
  },
  { what: 'every day', start: '20250120T090000', rule: 'FREQ=DAILY' },
]

/** Each answer is the sum of the instants in milliseconds, so that every occurrence is resolved in its zone and all can be compared. */
function contenders(start: string, rule: string): Contender[] {
  const text = `DTSTART;TZID=${zone}:${start}\nRRULE:${rule}`
  const bare = `DTSTART:${start}Z\nRRULE:${rule};COUNT=${wanted}`
  return [
    {
      name: 'ours',
      run: () => {
        const found = occurrences(parseSeries(text), { userZone: zone }).take(wanted)
        return found.reduce((sum, occurrence) => sum + occurrence.atMs, 0)
      },
    },
    {
      name: 'rrule-temporal',
      run: () => {
        const found = new RRuleTemporal({ rruleString: `${text};COUNT=${wanted}` }).all()
        return found.reduce((sum, date) => sum + date.epochMilliseconds, 0)
      },
    },
    {
      name: 'rrule',
      run: () =>
        rrulestr(bare)
          .all()
          .reduce((sum, date) => sum + date.getTime(), 0),
    },
  ]
}

/** Medians in milliseconds by name. All run in turn, so that whatever disturbs the machine disturbs them alike. */
function measure(list: Contender[], warmUps: number, rounds: number): Map<string, number> {
  const times = new Map(list.map(({ name }) => [name, [] as number[]]))
  for (let round = 0; round < warmUps + rounds; round++) {
    for (const { name, run } of list) {
      const start = performance.now()
      run()
      if (round >= warmUps) times.get(name)!.push(performance.now() - start)
    }
  }
  return new Map([...times].map(([name, values]) => [name, median(values)]))
}

for (const { what, start, rule } of rules) {
  const list = contenders(start, rule)
  const [ours, zoned] = list.map(({ run }) => run())
  if (ours !== zoned) throw new Error(`${what}: the engines disagree.`)
  const times = measure(list, 100, 100)
  const own = times.get('ours')!
  print({ name: 'rule', what: `${what}: first 1,000`, value: own, unit: 'ms', goal: 2, better: 'lower' })
  const others = [...times].filter(([name]) => name !== 'ours').toSorted((a, b) => a[1] - b[1])
  for (const [index, [name, time]] of others.entries()) {
    const value = time / own
    const goal = index === 0 ? 3 : 0
    print({
      name: 'ratio',
      what: `${what}: times as fast as ${name}`,
      value,
      unit: 'x',
      goal,
      better: 'higher',
    })
  }
}

const old = parseSeries('DTSTART;TZID=Europe/Berlin:19700119T090000\nRRULE:FREQ=MONTHLY;BYDAY=3MO')
const late = [{ name: 'ours', run: () => nextOccurrence(old, '2199-12-01', zone)!.at.epochMilliseconds }]
const value = 1_000 * measure(late, 1_000, 1_000).get('ours')!
print({
  name: 'late',
  what: 'a rule of 1970 asked for 2200',
  value,
  unit: 'us',
  goal: 1_000,
  better: 'lower',
})
