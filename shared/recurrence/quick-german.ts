/**
 * German words as the English ones that the grammar reads; English ones are understood as well. What has a space in it is one
 * word here that English says with more.
 */

const families: Record<string, string> = {
  every: 'jeden jede jedes jeder alle',
  'every!': 'jeden! jede! jedes! jeder! alle!',
  and: 'und',
  on: 'am',
  of: 'des im',
  at: 'um',
  "o'clock": 'uhr',
  'at noon': 'mittags',
  today: 'heute',
  tomorrow: 'morgen',
  'day after tomorrow': 'übermorgen',
  this: 'diesen diese dieser dieses',
  next: 'nächsten nächste nächster nächstes kommenden kommende kommender kommendes',
  a: 'ein eine einen einem einer',
  until: 'bis',
  starting: 'ab',
  for: 'für',
  times: 'mal',
  first: 'ersten erste erster erstes',
  second: 'zweiten zweite zweiter zweites',
  third: 'dritten dritte dritter drittes',
  fourth: 'vierten vierte vierter viertes',
  fifth: 'fünften fünfte fünfter fünftes',
  last: 'letzten letzte letzter letztes',
  two: 'zwei',
  three: 'drei',
  four: 'vier',
  five: 'fünf',
  six: 'sechs',
  seven: 'sieben',
  eight: 'acht',
  nine: 'neun',
  ten: 'zehn',
  minute: 'minuten',
  hour: 'stunde stunden',
  day: 'tag tage tagen',
  week: 'woche wochen',
  month: 'monat monate monaten monats',
  year: 'jahr jahre jahren',
  workday: 'werktag werktage arbeitstag arbeitstage wochentag wochentage',
  weekend: 'wochenende',
  monday: 'montag',
  tuesday: 'dienstag',
  wednesday: 'mittwoch',
  thursday: 'donnerstag',
  friday: 'freitag',
  saturday: 'samstag sonnabend',
  sunday: 'sonntag',
  mon: 'mo',
  tue: 'di',
  wed: 'mi',
  thu: 'do',
  fri: 'fr',
  sat: 'sa',
  sun: 'so',
  january: 'januar jänner',
  february: 'februar feber',
  march: 'märz mrz mär',
  may: 'mai',
  june: 'juni',
  july: 'juli',
  october: 'oktober okt',
  december: 'dezember dez',
  daily: 'täglich',
  weekly: 'wöchentlich',
  monthly: 'monatlich',
  yearly: 'jährlich',
  'every workday': 'werktags wochentags',
  'every monday': 'montags',
  'every tuesday': 'dienstags',
  'every wednesday': 'mittwochs',
  'every thursday': 'donnerstags',
  'every friday': 'freitags',
  'every saturday': 'samstags sonnabends',
  'every sunday': 'sonntags',
  '!high': '!hoch',
  '!medium': '!mittel',
  '!low': '!niedrig',
}

const english = new Map(
  Object.entries(families).flatMap(([word, all]) => all.split(' ').map((each) => [each, word] as const)),
)

/** `montag` is `monday`, `3.` is `3th`; a word that means nothing stays as it is. */
export function fromGerman(text: string): string {
  const number = /^(\d{1,2})\.$/.exec(text)?.[1]
  return number === undefined ? (english.get(text.normalize('NFC')) ?? text) : `${number}th`
}

/** `3.` and `24.12.` keep their last point, which belongs to them. */
export const withoutGermanEnd = (raw: string): string =>
  /^\d{1,2}\.(\d{1,2}\.)?[,;:?]*$/.test(raw) ? raw.replace(/[,;:?]+$/, '') : raw.replace(/[,.;:?]+$/, '')
