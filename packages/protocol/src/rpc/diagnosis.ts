/**
 * Diagnostic messages: what a refused call was about, sealed, so that whoever may look into
 * refusals can have it explained later. Nothing is explained before it is asked for.
 *
 * Invariant: a message opens only in the account whose caller was refused.
 */
import { RoleId, UserId } from '@grantlog/domain'
import type { Caller, Engine, Position, RefusedCall, RefusedPrincipal } from '@grantlog/engine'
import { closed, type RequestContext } from '@grantlog/policy'
import * as t from 'io-ts'
import type { JudgedCall } from './note-allowed.js'
import { type AccessDeniedDetail, AccessDeniedFacts } from './wire-error.js'

/** How every message begins, here as in RAM. */
const MESSAGE_PREFIX = 'AQEAAAAA'

/** The longest message that is opened. Unit: characters. */
export const MESSAGE_CHARACTERS_MAX = 8192

/** How much is sealed; of a call that is longer only its beginning is. Unit: bytes of UTF-8. */
const SEALED_BYTES_MAX = 4096

/** Condition keys with longer values are left out of a call that is too long. Unit: characters. */
const SHORT_VALUES_CHARACTERS_MAX = 256

const Principal = t.union([
  closed({ type: t.literal('Root') }),
  closed({ type: t.literal('User'), userId: UserId, userName: t.string }),
  closed(
    { type: t.literal('Session'), roleId: RoleId, roleName: t.string, sessionName: t.string },
    { narrowedSessionId: t.string },
    'RefusedSession',
  ),
])

const Diagnosis = closed(
  {
    detail: AccessDeniedFacts,
    principal: Principal,
    resources: t.readonlyArray(t.string),
    context: t.readonlyArray(t.tuple([t.string, t.readonlyArray(t.string)])),
    position: t.number,
  },
  {},
  'Diagnosis',
)
type Diagnosis = t.TypeOf<typeof Diagnosis>

const principalOf = (caller: Caller): RefusedPrincipal => {
  switch (caller.type) {
    case 'Root':
      return { type: 'Root' }
    case 'User':
      return { type: 'User', userId: caller.userId, userName: caller.userName }
    case 'Session': {
      const { roleId, roleName, sessionName, sessionId, sessionPolicy } = caller
      const narrowed = sessionPolicy === undefined ? {} : { narrowedSessionId: sessionId }
      return { type: 'Session', roleId, roleName, sessionName, ...narrowed }
    }
  }
}

/** The message about a call that was refused, to be handed out with the refusal. */
export const sealDiagnosis = (
  { vault }: Engine,
  caller: Caller,
  detail: AccessDeniedDetail,
  { resources, context }: JudgedCall,
  position: Position,
): string => {
  const diagnosis: Diagnosis = {
    detail,
    principal: principalOf(caller),
    resources,
    context: [...context],
    position,
  }
  return MESSAGE_PREFIX + vault.sealText('diagnosis', caller.accountId, fitting(diagnosis))
}

/**
 * As much of it as can be sealed. What does not fit is left out: judged again without it, a call
 * may come to something else, and then no policy is named.
 */
const fitting = (diagnosis: Diagnosis): string => {
  const fits = (text: string): boolean => Buffer.byteLength(text) <= SEALED_BYTES_MAX
  const whole = JSON.stringify(diagnosis)
  if (fits(whole)) return whole
  const isShort = ([key, values]: readonly [string, ReadonlyArray<string>]): boolean =>
    values.reduce((length, value) => length + value.length, key.length) <=
    SHORT_VALUES_CHARACTERS_MAX
  const context = diagnosis.context.filter(isShort)
  let resources = diagnosis.resources
  for (; resources.length > 1; resources = resources.slice(0, resources.length >> 1)) {
    const shorter = JSON.stringify({ ...diagnosis, context, resources })
    if (fits(shorter)) return shorter
  }
  return JSON.stringify({ ...diagnosis, context: [], resources: [resources[0]?.slice(0, 256)] })
}

/** What a message says; null for anything that was not handed to a caller of this account. */
export const openDiagnosis = (
  { vault }: Engine,
  caller: Caller,
  message: string,
): { readonly detail: AccessDeniedDetail; readonly call: RefusedCall } | null => {
  if (message.length > MESSAGE_CHARACTERS_MAX || !message.startsWith(MESSAGE_PREFIX)) return null
  const { accountId } = caller
  const text = vault.openText('diagnosis', accountId, message.slice(MESSAGE_PREFIX.length))
  const value: unknown = text === null ? null : JSON.parse(text)
  if (!Diagnosis.is(value)) return null
  const { detail, principal, position } = value
  const [first, ...others] = value.resources
  if (first === undefined) return null
  const context: RequestContext = new Map(value.context)
  const action = detail.AuthAction
  const call = { accountId, principal, action, context, position }
  return { detail, call: { ...call, resources: [first, ...others] } }
}
