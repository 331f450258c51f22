/**
 * IMS says in other words what RAM says: its users go by the names that they sign in with. A twin
 * is a row of RAM seen through those words, so that each thing is done in one place.
 *
 * Invariant: a twin does what its row does, to the same users of the same account, or is refused.
 */
import {
  accountOfDomain,
  defaultDomainOf,
  PRINCIPAL_NAME_CHARACTERS_MAX,
  principalNameParts,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { AnswerMembers } from './envelope.js'
import type { Fault } from './faults.js'
import { type Given, invalid } from './fields.js'
import type { Authorization, Operation, Prepared, SignedOperation } from './operation.js'
import type { Scene } from './scene.js'
import { isList, type XmlValue } from './xml.js'

/** IMS's words for those of RAM. */
const WORDS: Readonly<Record<string, string>> = {
  UserName: 'UserPrincipalName',
  NewUserName: 'NewUserPrincipalName',
  HardExpiry: 'HardExpire',
}

const wordOf = (name: string): string => WORDS[name] ?? name

/** Changes one record of an answer, which already has IMS's words. */
export type Change = (record: AnswerMembers, scene: Scene) => AnswerMembers

export type Twin = {
  /** The row of RAM, where its name is another. */
  readonly of?: string
  /** The parameters of RAM that name users. */
  readonly users: ReadonlyArray<'UserName' | 'NewUserName'>
  /** Parameters of IMS that nothing here answers to: refused, rather than passed over. */
  readonly refuses?: ReadonlyArray<string>
  /** Parameters that are honoured for these values alone: with others the call is refused. */
  readonly only?: Readonly<Record<string, ReadonlyArray<string>>>
  /** What holds for a parameter that is not given. */
  readonly unsaid?: Readonly<Record<string, string>>
  /** Words of this answer alone. */
  readonly words?: Readonly<Record<string, string>>
  /** How the records under a name of RAM's differ. */
  readonly records?: Readonly<Record<string, Change>>
  /** What an answer has beside that of RAM, about the user named if one is. */
  readonly adds?: (scene: Scene, userName: string | undefined) => AnswerMembers
}

type NamedUser = { readonly name: string; readonly domain: string }

type NamedUsers = ReadonlyMap<string, NamedUser>

/** The users that a call names. The rules for the part before the '@' are those of RAM's names. */
const usersIn = (raw: Given, names: Twin['users']): E.Either<Fault, NamedUsers> => {
  const users = new Map<string, NamedUser>()
  for (const name of names) {
    const word = wordOf(name)
    const text = raw.get(word)
    if (text === undefined || text === '') continue
    if (text.length > PRINCIPAL_NAME_CHARACTERS_MAX) return invalid(word, 'Length')
    const parts = principalNameParts(text)
    if (parts === undefined) return invalid(word, 'Format')
    users.set(name, parts)
  }
  return E.right(users)
}

/** The first parameter that cannot be honoured as it is given. */
const unhonoured = (raw: Given, { refuses = [], only = {} }: Twin): string | undefined => {
  const isGiven = (name: string): boolean => raw.has(name) && raw.get(name) !== ''
  const isOther = ([name, values]: readonly [string, ReadonlyArray<string>]): boolean => {
    const text = raw.get(name)
    return text !== undefined && text !== '' && !values.includes(text)
  }
  return refuses.find(isGiven) ?? Object.entries(only).find(isOther)?.[0]
}

/** The parameters as RAM calls them. */
const asRam = (raw: Given, users: NamedUsers, unsaid: Twin['unsaid'] = {}): Given => {
  const get = (name: string) => users.get(name)?.name ?? raw.get(wordOf(name)) ?? unsaid[name]
  return { get, has: (name) => get(name) !== undefined }
}

const inWords = <F extends Fault>(fault: F): F =>
  'name' in fault ? { ...fault, name: wordOf(fault.name) } : fault

/** A name under the domain of another account, or of none, names nobody here. */
const foreign = (users: NamedUsers, { engine, caller }: Scene): E.Either<Fault, void> => {
  const isOwn = ({ domain }: NamedUser): boolean =>
    accountOfDomain(engine.views.directory, domain) === caller.accountId
  const [name] = [...users].find(([, user]) => !isOwn(user)) ?? []
  return name === undefined ? E.right(undefined) : invalid(wordOf(name), 'Value')
}

const isRecord = (value: XmlValue): value is AnswerMembers =>
  typeof value === 'object' && !isList(value)

/** An answer in IMS's words, with its records changed as they differ. */
const answered = (
  members: AnswerMembers,
  scene: Scene,
  { records = {}, words = {} }: Twin,
): AnswerMembers => {
  const domain = defaultDomainOf(scene.engine.views.directory, scene.caller.accountId)
  const value = (member: string, inner: XmlValue): XmlValue => {
    if (isList(inner)) return inner.map((item) => value(member, item))
    if (!isRecord(inner)) return member === 'UserName' ? `${inner}@${domain}` : inner
    const shown = all(inner)
    return records[member]?.(shown, scene) ?? shown
  }
  const all = (record: AnswerMembers): AnswerMembers =>
    Object.fromEntries(
      Object.entries(record).map(([member, inner]) => [
        words[member] ?? wordOf(member),
        value(member, inner),
      ]),
    )
  return all(members)
}

const twinOf = (row: SignedOperation, name: string, twin: Twin): SignedOperation => ({
  ...row,
  product: 'Ims',
  name,
  parameters: [
    ...new Set([
      ...row.parameters.map(wordOf),
      ...(twin.refuses ?? []),
      ...Object.keys(twin.only ?? {}),
    ]),
  ],
  prepare: (raw, caller) => {
    const unknown = unhonoured(raw, twin)
    if (unknown !== undefined) return invalid(unknown.replace(/\.1.*$/, ''), 'Value')
    const users = usersIn(raw, twin.users)
    if (E.isLeft(users)) return users
    return pipe(
      row.prepare(asRam(raw, users.right, twin.unsaid), caller),
      E.bimap(inWords, ({ authorization, run }) => ({
        authorization: permitted(authorization, row.name, name),
        run: runs(run, users.right, twin),
      })),
    )
  },
})

/** An operation by a name of its own is an action by that name. */
const permitted = (
  authorization: Authorization | null,
  ofRam: string,
  name: string,
): Authorization | null =>
  authorization === null || ofRam === name
    ? authorization
    : { ...authorization, action: `ram:${name}` }

const runs =
  (run: Prepared['run'], users: NamedUsers, twin: Twin): Prepared['run'] =>
  (scene) =>
    pipe(
      TE.fromEither(foreign(users, scene)),
      TE.flatMap(() => run(scene)),
      TE.bimap(inWords, ({ members, ...answer }) => {
        const more = twin.adds?.(scene, users.get('UserName')?.name)
        return { ...answer, members: answered({ ...members, ...more }, scene, twin) }
      }),
    )

/** The twins, by the names that IMS has for them, of rows of RAM. */
export const twinsOf = (
  rows: ReadonlyArray<Operation>,
  twins: Readonly<Record<string, Twin>>,
): ReadonlyArray<Operation> =>
  rows.flatMap((row) =>
    row.proof === 'Signature'
      ? Object.entries(twins)
          .filter(([name, { of = name }]) => of === row.name)
          .map(([name, twin]) => twinOf(row, name, twin))
      : [],
  )
