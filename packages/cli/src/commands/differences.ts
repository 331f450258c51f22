/**
 * The difference between two moments as rows: one for each grant, version, group, key and
 * attachment that came, went or changed, with the event that made it so.
 */
import { isRecord, type Json, type JsonRecord, listAt, textAt, valueAt } from '../json.js'
import { printable } from '../output/terminal.js'
import { outcomeWords } from './decision.js'
import { allBehind, policyWords, throughWords, trustLines } from './granted.js'

const row = (change: string, what: string, event: Json | undefined, through = ''): JsonRecord => ({
  change,
  what,
  through,
  event: event ?? null,
})

/** e.g. `v1 → v2, 1 statement more, 2 less`. */
const versionWords = (diff: Json, after: string): string => {
  const counts = [
    [listAt(diff, 'added').length, 'more'],
    [listAt(diff, 'removed').length, 'less'],
  ] as const
  const told = counts.flatMap(([count, word]) =>
    count === 0 ? [] : [`${count} statement${count === 1 ? '' : 's'} ${word}`],
  )
  return [`${textAt(diff, 'versionBefore') || 'none'} → ${after || 'none'}`, ...told].join(', ')
}

const grants = (diff: Json): ReadonlyArray<JsonRecord> => [
  ...listAt(diff, 'gained').map((grant) => ({
    ...row(
      'gained',
      policyWords({ policy: bare(grant) }, 'policy'),
      valueAt(grant, 'since'),
      throughWords(grant, 'policy.via'),
    ),
    grant,
  })),
  ...listAt(diff, 'lost').map((grant) =>
    row(
      'lost',
      policyWords({ policy: bare(grant) }, 'policy'),
      valueAt(grant, 'ended'),
      throughWords(grant, 'policy.via'),
    ),
  ),
  ...listAt(diff, 'turned').map((grant) =>
    row(
      'version',
      `${textAt(grant, 'policy.policyName')}: ${versionWords(grant, textAt(grant, 'policy.versionId'))}`,
      valueAt(grant, 'versionSet'),
      throughWords(grant, 'policy.via'),
    ),
  ),
]

/** The policy without through whom it is held, which has a column of its own. */
const bare = (grant: Json): Json => {
  const policy = valueAt(grant, 'policy')
  if (!isRecord(policy)) return null
  const { via: _, ...rest } = policy
  return rest
}

/** The name means somebody else: how the one came to lose it, and the other to bear it. */
const replaced = (diff: Json): ReadonlyArray<JsonRecord> => {
  const id = textAt(diff, 'replaced.id')
  if (id === '') return []
  const other = textAt(diff, 'replaced.name')
  return [
    row(
      'identity',
      `${id} ${other === '' ? 'is gone' : `is ${other} now`}`,
      valueAt(diff, 'replaced.ended'),
    ),
    row('identity', 'another one took the name', valueAt(diff, 'replaced.began')),
  ]
}

const ofPrincipal = (diff: Json): ReadonlyArray<JsonRecord> => {
  const [before, after] = [textAt(diff, 'nameBefore'), textAt(diff, 'name')]
  const renamed =
    before === after
      ? []
      : [row('name', `${before || 'none'} → ${after || 'none'}`, valueAt(diff, 'named'))]
  const trust = valueAt(diff, 'trust')
  return [
    ...replaced(diff),
    ...renamed,
    ...grants(diff),
    ...listAt(diff, 'groups').map((group) =>
      row(
        textAt(group, 'type').toLowerCase(),
        `group ${textAt(group, 'groupName')}`,
        valueAt(group, 'event'),
      ),
    ),
    ...listAt(diff, 'accessKeys').map((key) =>
      row(
        'key',
        `${textAt(key, 'accessKeyId')}: ${textAt(key, 'statusBefore') || 'none'} → ${textAt(key, 'status') || 'none'}`,
        valueAt(key, 'event'),
      ),
    ),
    ...(trust === undefined
      ? []
      : [row('trust', versionWords(trust, textAt(trust, 'version')), valueAt(trust, 'event'))]),
  ]
}

const ofPolicy = (diff: Json): ReadonlyArray<JsonRecord> => {
  const isSame =
    textAt(diff, 'versionBefore') === textAt(diff, 'version') &&
    listAt(diff, 'added').length + listAt(diff, 'removed').length === 0
  const statements = (list: string, change: string) =>
    listAt(diff, list).map((statement) =>
      row(change, JSON.stringify(statement), valueAt(diff, 'event')),
    )
  return [
    ...replaced(diff),
    ...(isSame
      ? []
      : [row('version', versionWords(diff, textAt(diff, 'version')), valueAt(diff, 'event'))]),
    ...statements('added', 'statement more'),
    ...statements('removed', 'statement less'),
    ...listAt(diff, 'attachments').map((each) =>
      row(textAt(each, 'type').toLowerCase(), throughWords(each, 'target'), valueAt(each, 'event')),
    ),
  ]
}

/** The rows of an answer of `GET /v1/diff`, whatever it is about. */
export const differences = (answer: Json): ReadonlyArray<JsonRecord> => {
  const diff = valueAt(answer, 'diff') ?? null
  switch (textAt(answer, 'subject')) {
    case 'policy':
      return ofPolicy(diff)
    case 'account':
      return listAt(diff, 'changed').flatMap((changed) => {
        const name = textAt(changed, 'name') || textAt(changed, 'nameBefore')
        const principal = `${textAt(changed, 'principalType').toLowerCase()} ${name}`
        return ofPrincipal(changed).map((each) => ({ principal, ...each }))
      })
    default:
      return ofPrincipal(diff)
  }
}

export type ProbeLine = {
  readonly isTurned: boolean
  readonly before: string
  readonly text: string
  /** The statements that decide it at both moments, each with the events behind it. */
  readonly behind: ReadonlyArray<string>
}

/** One line for each moment at which statements decide, or one for both. */
const behindProbe = (probe: Json): ReadonlyArray<string> => {
  const [was, is] = ['before', 'after'].map(
    (when) =>
      allBehind(probe, `${when}.deciding`) || trustLines(valueAt(probe, when) ?? null).join(''),
  )
  const told =
    was === is
      ? [['before and after', is]]
      : [
          ['before', was],
          ['after', is],
        ]
  return told.flatMap(([when, words = '']) =>
    words === '' ? [] : [printable(`  ${when}: ${words}`)],
  )
}

/** e.g. `ots:GetRow on acs:ots:…: allowed → denied: nothing allows it`. */
export const probeLines = (probe: Json): ProbeLine => {
  const [before, after] = ['before', 'after'].map((when) => textAt(probe, `${when}.outcome`))
  const asked = printable(`${textAt(probe, 'action')} on ${textAt(probe, 'resource')}`)
  const [was, is] = [outcomeWords(before ?? ''), outcomeWords(after ?? '')]
  const isTurned = textAt(probe, 'before.allowed') !== textAt(probe, 'after.allowed')
  return {
    isTurned,
    before: before ?? '',
    behind: behindProbe(probe),
    text: `${asked}: ${was === is ? was : `${was} → ${is}`}`,
  }
}
