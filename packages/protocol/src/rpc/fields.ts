/**
 * Reading parameters: each field knows its name, its rule, and what to answer when the rule is
 * broken.
 */
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import type { Parameters } from '../signature/parameters.js'
import type { ParameterFault, ParameterRule } from './faults.js'

/** What was given: the text of a parameter by its name. */
export type Given = Pick<Parameters, 'get' | 'has'>

/** Reads one value, or a whole record of them, out of the parameters. */
export type Field<A> = (parameters: Given) => E.Either<ParameterFault, A>

/** Turns the text of one parameter into a value. */
export type Reader<A> = (text: string, name: string) => E.Either<ParameterFault, A>

/** A field for each member of a record, by the names that the code uses. */
export type FieldsOf<Record> = { readonly [Name in keyof Record]: Field<Record[Name]> }

export const invalid = (name: string, rule: ParameterRule): E.Either<ParameterFault, never> =>
  E.left({ type: 'ParameterInvalid', name, rule })

/** Reads every field, in the order in which they are written; the first fault is the answer. */
export const fields =
  <Record>(spec: FieldsOf<Record>): Field<Record> =>
  (parameters) => {
    const values: { [member: string]: unknown } = {}
    for (const [member, field] of Object.entries<Field<unknown>>(spec)) {
      const value = field(parameters)
      if (E.isLeft(value)) return value
      if (value.right !== undefined) values[member] = value.right
    }
    return E.right(values as Record)
  }

/**
 * The names of the parameters that fields look for; of lists `1` stands for any number. Each field
 * is asked by itself, so that a fault of one hides none of the others.
 */
export const namesRead = <Record>(spec: FieldsOf<Record>): ReadonlyArray<string> => {
  const names = new Set<string>()
  const noted = (name: string): undefined => {
    names.add(name)
  }
  const nothing: Given = {
    get: noted,
    has: (name) => noted(name) !== undefined,
  }
  for (const field of Object.values<Field<unknown>>(spec)) field(nothing)
  return [...names]
}

/** A parameter without which the call means nothing. */
export const needed =
  <A>(name: string, reader: Reader<A>): Field<A> =>
  (parameters) => {
    const text = parameters.get(name)
    return text === undefined ? E.left({ type: 'ParameterMissing', name }) : reader(text, name)
  }

/**
 * A parameter that may be absent; empty text counts as absent, as some clients send what was never
 * set.
 */
export const optional =
  <A>(name: string, reader: Reader<A>): Field<A | undefined> =>
  (parameters) => {
    const text = parameters.get(name)
    return text === undefined || text === '' ? E.right(undefined) : reader(text, name)
  }

/** A parameter of an update: absent leaves things as they are, and empty text is a value. */
export const changed =
  <A>(name: string, reader: Reader<A>): Field<A | undefined> =>
  (parameters) => {
    const text = parameters.get(name)
    return text === undefined ? E.right(undefined) : reader(text, name)
  }

export const withDefault =
  <A>(field: Field<A | undefined>, value: A): Field<A> =>
  (parameters) => {
    const read = field(parameters)
    return E.isLeft(read) ? read : E.right(read.right ?? value)
  }

/** Text that follows a codec of the domain; what is not too long holds a wrong character. */
export const named =
  <A>(codec: t.Type<A, string, unknown>, charactersMax: number): Reader<A> =>
  (text, name) => {
    if (text === '' || text.length > charactersMax) return invalid(name, 'Length')
    return codec.is(text) ? E.right(text) : invalid(name, 'InvalidChars')
  }

/** Text that follows a codec, with one rule for every way to break it. */
export const matching =
  <A>(codec: t.Type<A, string, unknown>, rule: ParameterRule): Reader<A> =>
  (text, name) =>
    codec.is(text) ? E.right(text) : invalid(name, rule)

const codePoints = (text: string): number => {
  let count = 0
  for (const _ of text) count += 1
  return count
}

/** Free text up to so many characters. */
export const text =
  (charactersMax: number): Reader<string> =>
  (value, name) =>
    value.length > charactersMax * 2 || codePoints(value) > charactersMax
      ? invalid(name, 'Length')
      : E.right(value)

/** One of a few words, letter for letter. */
export const oneOf =
  <A extends string>(words: ReadonlyArray<A>): Reader<A> =>
  (value, name) => {
    const word = words.find((each) => each === value)
    return word === undefined ? invalid(name, 'Value') : E.right(word)
  }

/** `true` or `false` in any case of letters. */
export const flag: Reader<boolean> = (value, name) => {
  if (value.length > 5) return invalid(name, 'Value')
  const word = value.toLowerCase()
  return word === 'true' || word === 'false' ? E.right(word === 'true') : invalid(name, 'Value')
}

/** A whole number; everything else lies outside its range too. */
export const ranged =
  ({ min, max }: { readonly min: number; readonly max: number }): Reader<number> =>
  (value, name) => {
    const read = integer(min, max)(value, name)
    return E.isLeft(read) ? invalid(name, 'Range') : read
  }

/** A whole number between two bounds, in plain digits: no sign, no fraction, no leading zero. */
export const integer =
  (min: number, max: number): Reader<number> =>
  (value, name) => {
    if (!/^(?:0|[1-9][0-9]{0,9})$/.test(value)) return invalid(name, 'Value')
    const number = Number(value)
    return number < min || number > max ? invalid(name, 'Value') : E.right(number)
  }
