/**
 * The lists of a batch of judged calls, without repetitions: what is new is added, and its place
 * answered. Each tells by how much the batch grows. Unit: bytes, about.
 */
import type {
  AccessOutcome,
  AccessPrincipal,
  AccessQuestionAsked,
  AccountId,
} from '@grantlog/domain'
import { numbering } from '../numbering.js'
import { type ContextParts, contextParts } from './context.js'
import type { JudgedAccess, JudgedPrincipal } from './judged-access.js'

/** No batch has more records, and no list of it more entries: so places make up one number. */
export const BATCH_RECORDS_MAX = 2_000

/** Told how much an entry weighs. Unit: bytes. */
type Weigh = (bytes: number) => void

/** What JSON needs around an entry of a list. Unit: bytes, about. */
const ENTRY_BYTES = 64

/** Sealing makes texts longer. */
const SEALED_FACTOR = 2

/** JSON may need six bytes for a character that is not plain. */
const bytesOf = (text: string): number => (/^[ -~]*$/.test(text) ? 1 : 6) * text.length

const distinct = <Value, Key = string>() => {
  const values: Value[] = []
  const places = new Map<Key, number>()
  return {
    values,
    place: (key: Key, make: () => Value): number => {
      const known = places.get(key)
      if (known !== undefined) return known
      places.set(key, values.length)
      return values.push(make()) - 1
    },
  }
}

/** The same for who comes in a row: the last key is not looked up again. */
const inARow = <Key>(placeOf: (key: Key) => number): ((key: Key) => number) => {
  let last: { readonly key: Key; readonly place: number } | undefined
  return (key) => {
    if (last === undefined || last.key !== key) last = { key, place: placeOf(key) }
    return last.place
  }
}

export const requestList = (weigh: Weigh) => {
  const { values, place } = distinct<string>()
  const placeOf = inARow((requestId: string) =>
    place(requestId, () => {
      weigh(bytesOf(requestId))
      return requestId
    }),
  )
  return { values, placeOf }
}

/** A few codes, among which it looks from the first to the last. */
export const answerList = (weigh: Weigh) => {
  const values: AccessOutcome[] = []
  return {
    values,
    placeOf: ({ outcome, code }: AccessOutcome): number => {
      const known = values.findIndex((one) => one.outcome === outcome && one.code === code)
      if (known >= 0) return known
      weigh(bytesOf(code) + ENTRY_BYTES)
      return values.push({ outcome, code }) - 1
    },
  }
}

const UNRECORDED: AccessPrincipal = { type: 'Unrecorded' }

/** Names and texts are callers' own, so that only JSON keeps them apart; ids have no '/'. */
const principalText = (principal: JudgedPrincipal | undefined): string => {
  if (principal === undefined) return '?'
  if (principal.type === 'Unrecorded') return `?/${principal.entityId}`
  const { accessKeyId = '', entityId = '' } = principal
  const through = `${accessKeyId}/${entityId}`
  switch (principal.type) {
    case 'Root':
      return `root/${through}`
    case 'User':
      return `${principal.userId}/${through}`
    case 'Role': {
      const { roleId, sessionName, sessionId = '', sessionPolicies } = principal
      return JSON.stringify([roleId, sessionName, sessionId, through, sessionPolicies])
    }
  }
}

type PrincipalList = {
  readonly values: ReadonlyArray<AccessPrincipal>
  readonly sessionPolicies: ReadonlyArray<string>
  readonly placeOf: (principal: JudgedPrincipal | undefined) => number
}

export const principalList = (weigh: Weigh): PrincipalList => {
  const policies = distinct<string>()
  const { values, place } = distinct<AccessPrincipal>()
  const recorded = (principal: JudgedPrincipal | undefined): AccessPrincipal => {
    if (principal === undefined) return UNRECORDED
    if (principal.type !== 'Role') return principal
    const { sessionPolicies, ...role } = principal
    const narrowedBy = sessionPolicies.map((text) => policies.place(text, () => text))
    return { ...role, narrowedBy }
  }
  const placeOf = inARow((principal: JudgedPrincipal | undefined) => {
    const who = principalText(principal)
    return place(who, () => {
      weigh(bytesOf(who) + ENTRY_BYTES)
      return recorded(principal)
    })
  })
  return { values, sessionPolicies: policies.values, placeOf }
}

/** A context that is still to be sealed. */
export type UnsealedContext = Omit<ContextParts, 'time'> & { readonly subject: string }

/** Where a context is in the batch, and the time of its calls where they tell one. */
type PlacedContext = { readonly place: number; readonly time: number | undefined }

type Looked = PlacedContext & {
  readonly context: JudgedAccess['context']
  readonly subject: string
  readonly now: number
}

/** For how long a context need not be looked at again. Unit: milliseconds. */
const SAME_CONTEXT_MS_MAX = 1_000

/** Decisions of one request share their context, which is then taken apart once. */
export const contextList = (accountId: AccountId, weigh: Weigh) => {
  const { values, place } = distinct<UnsealedContext>()
  const placed = ({ values: open, personal, hasTime }: ContextParts, subject: string): number => {
    const text = JSON.stringify(open)
    const key = `${hasTime} ${subject.length} ${subject}${text.length} ${text}${personal}`
    return place(key, () => {
      weigh(SEALED_FACTOR * bytesOf(key) + ENTRY_BYTES)
      return { values: open, personal, hasTime, subject }
    })
  }
  let last: Looked | undefined
  const placeOf = (
    { context, subject = accountId }: Pick<JudgedAccess, 'context' | 'subject'>,
    now: number,
  ): PlacedContext => {
    const isSame = last?.context === context && last?.subject === subject
    if (last !== undefined && isSame && now - last.now < SAME_CONTEXT_MS_MAX) return last
    const parts = contextParts(context, now)
    const time = parts.hasTime ? parts.time : undefined
    last = { context, subject, now, place: placed(parts, subject), time }
    return last
  }
  return { values, placeOf }
}

/** A number for each list of resources: even for one alone, odd for others. */
const resourcesNumbering = () => {
  const ofOne = numbering<string>()
  const ofMany = numbering<string>()
  return (resources: ReadonlyArray<string>): number => {
    const [first] = resources
    return first !== undefined && resources.length === 1
      ? 2 * ofOne(first)
      : 2 * ofMany(JSON.stringify(resources)) + 1
  }
}

export const questionList = (weigh: Weigh) => {
  const { values, place } = distinct<AccessQuestionAsked, number>()
  const numberOfAction = numbering<string>()
  const numberOfResources = resourcesNumbering()
  const placeOf = (question: AccessQuestionAsked): number => {
    const { principal, action, resources, context } = question
    const who = context * BATCH_RECORDS_MAX + principal
    const what = 2 * BATCH_RECORDS_MAX * numberOfAction(action) + numberOfResources(resources)
    return place(2 * BATCH_RECORDS_MAX ** 2 * who + what, () => {
      weigh(bytesOf(action) + ENTRY_BYTES)
      for (const resource of resources) weigh(bytesOf(resource))
      return { principal, action, resources: [...resources], context }
    })
  }
  return { values, placeOf }
}
