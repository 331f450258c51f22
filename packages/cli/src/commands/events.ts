/** `grantlog events`: what is stored of the account, in order. */
import * as E from 'fp-ts/lib/Either.js'
import { isRecord, type Json, textAt, valueAt } from '../json.js'
import { question } from './question.js'
import { OWN_ACCOUNT } from './words.js'

/** The longest value that a table shows of an event. Unit: characters. */
const VALUE_CHARACTERS_MAX = 64

/** What an event names, by the innermost names, without what is sealed or long. */
const dataWords = (data: Json | undefined): ReadonlyArray<string> =>
  isRecord(data)
    ? Object.entries(data).flatMap(([name, value]) => {
        if (typeof value === 'object') return dataWords(value)
        const text = String(value)
        const isShort = !text.startsWith('pii1.') && text.length <= VALUE_CHARACTERS_MAX
        return name !== 'type' && isShort ? [`${name}=${text}`] : []
      })
    : []

export const events = question({
  name: 'events',
  summary: "Shows the stored events of the account's own stream, with who did it, when and why.",
  details: 'Personal data in them is sealed text. A table shows the short values; -o json has all.',
  arguments: [],
  options: [],
  examples: ['grantlog events --limit 20', 'grantlog events --all -o jsonl | tail -n 5'],
  isPaged: true,
  ask: () => E.right({ type: 'Get', path: `/v1/accounts/${OWN_ACCOUNT}/events`, query: {} }),
  show: () => ({
    list: 'events',
    columns: [
      ['position', 'position'],
      ['time', 'recordedAt'],
      ['event', 'type'],
      ['what', (row) => dataWords(valueAt(row, 'data')).join(' ')],
      ['by', 'actor.arn'],
      ['reason', (row) => textAt(row, 'reason') || null],
      ['ticket', (row) => textAt(row, 'ticket') || null],
    ],
    none: 'No events.',
  }),
})
