/**
 * What a log line may carry: the list of its fields, each with the shape of its values.
 *
 * Invariant: what is not on the list, or has another shape, is not printed. Secrets, tokens,
 * signatures and personal data have no field; where free text is allowed, whatever could be one of
 * them is blotted out.
 */

/** Longest text of one field. Unit: characters. */
export const LOG_FIELD_CHARACTERS_MAX = 1024

/** How deep an error's causes are followed. */
const CAUSES_MAX = 3

const BLOT = '[redacted]'

const UUID = /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/
/**
 * Secrets have 30 characters and more; nothing of this length that mixes digits and letters is a
 * word.
 */
const LONG_RUN = /[A-Za-z0-9+/_=-]{24,}/g
/** A long-lived key's id has a form of its own, which may be shown. */
const KEY_ID = /^(?:LTAI[A-Za-z0-9]{12,20}|STS\.[A-Za-z0-9]{16,64})$/
const MAIL = /[^\s@<>"']+@[^\s@<>"']+/g
const SECRET_NAMES = 'authorization|signature|secret|password|passwd|token|cookie|credential'
/** A name that announces a secret, then a colon or an equals sign: the line's rest is blotted. */
const NAMED_SECRET = new RegExp(`\\b(${SECRET_NAMES})(\\S*?["']?\\s*[:=]\\s*)\\S.*`, 'gi')
const ADDRESS = /\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}\b|\S*::\S+/gi

/** More capitals than any name of an event or an error has: no word, even without a digit. */
const CAPITALS_MAX = 7

const isOpaque = (run: string): boolean => {
  if (UUID.test(run) || KEY_ID.test(run)) return false
  if (/[0-9+=]/.test(run) && /[A-Za-z]/.test(run)) return true
  return run.replace(/[^A-Z]/g, '').length > CAPITALS_MAX
}

/** Free text without anything that could be a secret, a token or a person's address. */
export const scrub = (text: string): string =>
  text
    .slice(0, LOG_FIELD_CHARACTERS_MAX)
    .replace(NAMED_SECRET, `$1$2${BLOT}`)
    .replace(MAIL, BLOT)
    .replace(ADDRESS, BLOT)
    .replace(LONG_RUN, (run) => (isOpaque(run) ? BLOT : run))

type Shape = RegExp | 'number' | 'boolean' | 'text'

const WORD = /^[A-Za-z][A-Za-z.:*_-]{0,63}$/
const DATED_WORD = /^[A-Za-z0-9][A-Za-z0-9.:_-]{0,22}$/

/** Every field that a log line may have. */
const FIELDS = {
  requestId: UUID,
  commandId: UUID,
  eventId: UUID,
  accountId: /^[0-9]{5,20}$/,
  userId: /^[0-9]{15,18}$/,
  roleId: /^[0-9]{15,18}$/,
  groupId: /^g-[A-Za-z0-9]{14,32}$/,
  policyId: /^p-[A-Za-z0-9]{16,32}$/,
  sessionId: /^[0-9a-f]{32}$/,
  accessKeyId: KEY_ID,
  keyId: /^[a-z]{2}-[0-9]{1,10}$/,
  stream: /^(?:account|sessions|credentials|access)(?:-[0-9]{1,20}){1,2}$/,
  component: WORD,
  action: WORD,
  operation: WORD,
  /** A path as grantlog writes it: what a caller fills in stands as a name in braces. */
  route: /^\/(?:v1\/[A-Za-z/{}]{0,64})?$/,
  streamKind: WORD,
  outcome: WORD,
  reason: WORD,
  refusal: WORD,
  errorType: WORD,
  errorCode: WORD,
  eventType: WORD,
  view: WORD,
  protocol: WORD,
  state: WORD,
  signal: WORD,
  method: WORD,
  host: /^[A-Za-z0-9.:[\]-]{1,64}$/,
  product: DATED_WORD,
  version: DATED_WORD,
  nodeVersion: DATED_WORD,
  critical: 'boolean',
  status: 'number',
  port: 'number',
  pid: 'number',
  position: 'number',
  headPosition: 'number',
  revision: 'number',
  schemaVersion: 'number',
  shard: 'number',
  attempt: 'number',
  count: 'number',
  bytes: 'number',
  limit: 'number',
  lag: 'number',
  durationMs: 'number',
  delayMs: 'number',
  detail: 'text',
  directory: /^[A-Za-z0-9/._ -]{1,512}$/,
} as const satisfies Readonly<Record<string, Shape>>

export type LogFieldName = keyof typeof FIELDS | 'error'

/** Fields by name. `error` takes whatever was caught. */
export type LogFields = { readonly [Name in LogFieldName]?: unknown }

const shapes: ReadonlyMap<string, Shape> = new Map(Object.entries(FIELDS))

const admitted = (shape: Shape, value: unknown): string | number | boolean | undefined => {
  if (shape === 'number')
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined
  if (shape === 'boolean') return typeof value === 'boolean' ? value : undefined
  if (typeof value !== 'string') return undefined
  if (shape === 'text') return scrub(value)
  if (!shape.test(value)) return undefined
  return shape === WORD && scrub(value) !== value ? undefined : value
}

/**
 * An error as a line shows it: its name and code, its scrubbed message, and the places of its
 * stack.
 */
const errorShown = (error: unknown, causes: number): Readonly<Record<string, unknown>> => {
  if (!(error instanceof Error)) return { type: typeof error }
  const code = 'code' in error ? admitted(WORD, error.code) : undefined
  const places = (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line))
  return {
    type: admitted(WORD, error.name) ?? 'Error',
    ...(code === undefined ? {} : { code }),
    message: scrub(error.message),
    stack: places.slice(0, 12).join('\n').slice(0, LOG_FIELD_CHARACTERS_MAX),
    ...(error.cause === undefined || causes === 0
      ? {}
      : { cause: errorShown(error.cause, causes - 1) }),
  }
}

/** The fields that may be printed. What was left out is counted, never named. */
export const shownFields = (fields: LogFields): Readonly<Record<string, unknown>> => {
  const shown: Record<string, unknown> = {}
  let left = 0
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue
    if (name === 'error') {
      shown['error'] = errorShown(value, CAUSES_MAX)
      continue
    }
    const shape = shapes.get(name)
    const safe = shape === undefined ? undefined : admitted(shape, value)
    if (safe === undefined) left += 1
    else shown[name] = safe
  }
  return left === 0 ? shown : { ...shown, fieldsLeftOut: left }
}
