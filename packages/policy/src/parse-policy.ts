/**
 * From the text of a policy to its normal form, or to the first fault and its place.
 *
 * Invariant: what comes out contains nothing that was not understood. A doubtful document is
 * refused whole.
 */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import type * as t from 'io-ts'
import { parseResourcePattern, type ResourcePattern } from './arn.js'
import {
  type ActionPatterns,
  documentCodecs,
  POLICY_DOCUMENT_CHARACTERS_MAX,
  type PolicyDocument,
  type PolicyKind,
  SESSION_POLICY_CHARACTERS_MAX,
  type Statement,
  type WrittenDocument,
  type WrittenStatement,
} from './document.js'
import { type JsonFault, jsonPointer, parseJson } from './json.js'
import { type Condition, findOperator } from './operators.js'
import { PRINCIPAL_TYPES, type PrincipalPattern, parsePrincipal } from './principals.js'
import { writtenDocument } from './written.js'

/**
 * `path` is a JSON pointer into the document, empty for the whole; `fault` says what is wrong
 * there.
 */
export type PolicyFault =
  | { readonly type: 'MalformedPolicy'; readonly path: string; readonly fault: string }
  | { readonly type: 'PolicyTooLong'; readonly length: number; readonly limit: number }

/**
 * Reads a document of the given kind.
 *
 * @example
 * const statement = '{"Effect":"Allow","Action":"ecs:*","Resource":"*"}'
 * parsePolicy('identity', `{"Version":"1","Statement":[${statement}]}`)
 */
export const parsePolicy = (
  kind: PolicyKind,
  text: string,
): E.Either<PolicyFault, PolicyDocument> =>
  pipe(
    parseJson(text, charactersMax(kind)),
    E.mapLeft(policyFault),
    E.flatMap((json) => readPolicy(kind, json)),
  )

/**
 * Reads a document that is JSON already, made by a program: it does not ask how long the text was,
 * nor whether a member was given twice.
 */
export const readPolicy = (
  kind: PolicyKind,
  json: unknown,
): E.Either<PolicyFault, PolicyDocument> =>
  pipe(
    decoded(kind, json),
    E.flatMap(({ Statement }) =>
      all(Statement, (written, index) => readStatement(['Statement', String(index)], written)),
    ),
    E.map((statements) => ({ kind, statements })),
  )

const decoded = (kind: PolicyKind, json: unknown): E.Either<PolicyFault, WrittenDocument> => {
  const written = writtenDocument(kind, json)
  return written === undefined
    ? E.mapLeft(firstFault)(documentCodecs[kind].decode(json))
    : E.right(written)
}

/** The first fault, or what is read of each. */
const all = <A, B>(
  list: ReadonlyArray<A>,
  read: (item: A, index: number) => E.Either<PolicyFault, B>,
): E.Either<PolicyFault, ReadonlyArray<B>> => {
  const results: Array<B> = []
  for (let i = 0; i < list.length; i += 1) {
    const result = read(list[i] as A, i)
    if (E.isLeft(result)) return result
    results.push(result.right)
  }
  return E.right(results)
}

const charactersMax = (kind: PolicyKind): number =>
  kind === 'session' ? SESSION_POLICY_CHARACTERS_MAX : POLICY_DOCUMENT_CHARACTERS_MAX

const policyFault = (fault: JsonFault): PolicyFault => {
  switch (fault.type) {
    case 'JsonTooLong':
      return { type: 'PolicyTooLong', length: fault.length, limit: fault.limit }
    case 'JsonMalformed':
      return { type: 'MalformedPolicy', path: fault.path, fault: fault.fault }
  }
}

const firstFault = (errors: t.Errors): PolicyFault => ({
  type: 'MalformedPolicy',
  path: jsonPointer((errors[0]?.context ?? []).slice(1).map(({ key }) => key)),
  fault: errors[0]?.message ?? 'not a policy',
})

type Place = ReadonlyArray<string>

/** A single value may stand bare, so the place of an only value is that of its list. */
const placeOf = (place: Place, index: number, values: ReadonlyArray<string>): Place =>
  values.length === 1 ? place : [...place, String(index)]

const malformed = (place: Place, fault: string): E.Either<PolicyFault, never> =>
  E.left({ type: 'MalformedPolicy', path: jsonPointer(place), fault })

const readStatement = (
  place: Place,
  written: WrittenStatement,
): E.Either<PolicyFault, Statement> => {
  const actions = readActions(place, written)
  if (E.isLeft(actions)) return actions
  const resources = readResources([...place, 'Resource'], written.Resource)
  if (E.isLeft(resources)) return resources
  const principals = readPrincipals([...place, 'Principal'], written.Principal)
  if (E.isLeft(principals)) return principals
  const conditions = readConditions([...place, 'Condition'], written.Condition ?? [])
  if (E.isLeft(conditions)) return conditions
  return E.right({
    effect: written.Effect,
    actions: actions.right,
    ...(resources.right === undefined ? {} : { resources: resources.right }),
    ...(principals.right === undefined ? {} : { principals: principals.right }),
    conditions: conditions.right,
  })
}

const readEach = <A>(
  place: Place,
  texts: ReadonlyArray<string>,
  read: (text: string) => E.Either<string, A>,
): E.Either<PolicyFault, ReadonlyArray<A>> =>
  all(texts, (text, index) => {
    const result = read(text)
    return E.isLeft(result) ? malformed(placeOf(place, index, texts), result.left) : result
  })

/** `*`, or a service and an operation; both may hold wildcards. */
const ACTION = /^(?:\*|[A-Za-z0-9*?_.-]{1,64}:[A-Za-z0-9*?_./-]{1,128})$/

const readAction = (text: string): E.Either<string, string> =>
  ACTION.test(text)
    ? E.right(text.toLowerCase())
    : E.left('not an action: neither * nor service:operation')

const readActions = (
  place: Place,
  { Action, NotAction }: WrittenStatement,
): E.Either<PolicyFault, ActionPatterns> => {
  if (Action !== undefined && NotAction !== undefined)
    return malformed(place, 'both Action and NotAction')
  const written = Action ?? NotAction
  if (written === undefined) return malformed(place, 'neither Action nor NotAction')

  const type = Action === undefined ? 'NotAction' : 'Action'
  return pipe(
    readEach([...place, type], written, readAction),
    E.map((patterns) => ({ type, patterns })),
  )
}

const readResource = (text: string): E.Either<string, ResourcePattern> =>
  E.mapLeft(() => 'not a resource: neither * nor acs:service:region:account:relative-id')(
    parseResourcePattern(text),
  )

const readResources = (
  place: Place,
  written: WrittenStatement['Resource'],
): E.Either<PolicyFault, ReadonlyArray<ResourcePattern> | undefined> =>
  written === undefined ? E.right(undefined) : readEach(place, written, readResource)

const readPrincipals = (
  place: Place,
  written: WrittenStatement['Principal'],
): E.Either<PolicyFault, ReadonlyArray<PrincipalPattern> | undefined> => {
  if (written === undefined) return E.right(undefined)
  if (written.length === 0) return malformed(place, 'names nobody')
  return pipe(
    all(written, ([typeName, values]) => {
      const type = PRINCIPAL_TYPES.find((known) => known === typeName)
      return type === undefined
        ? malformed([...place, typeName], 'unknown principal type')
        : readEach([...place, typeName], values, (text) => parsePrincipal(type, text))
    }),
    E.map((lists) => lists.flat()),
  )
}

const readConditions = (
  place: Place,
  written: NonNullable<WrittenStatement['Condition']>,
): E.Either<PolicyFault, ReadonlyArray<Condition>> =>
  pipe(
    all(written, ([operatorName, keys]) =>
      keys.length === 0
        ? malformed([...place, operatorName], 'tests no key')
        : all(keys, ([key, values]) =>
            readCondition([...place, operatorName], operatorName, key, values),
          ),
    ),
    E.map((lists) => lists.flat()),
  )

const readCondition = (
  place: Place,
  operatorName: string,
  key: string,
  values: ReadonlyArray<string>,
): E.Either<PolicyFault, Condition> => {
  const operator = findOperator(operatorName)
  if (O.isNone(operator))
    return malformed(place, `condition operator ${operatorName.slice(0, 64)} is not supported`)

  const operands = operator.value.read(values)
  if ('fault' in operands)
    return malformed(placeOf([...place, key], operands.index, values), operands.fault)

  return E.right({
    label: `${operatorName} ${key}`,
    key: key.toLowerCase(),
    quantifier: operator.value.quantifier,
    negated: operator.value.negated,
    operands,
  })
}
