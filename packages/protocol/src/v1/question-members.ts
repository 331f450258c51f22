/**
 * The members that a question may have, as codecs: each with its limits.
 */
import { closed, isArn, SESSION_POLICY_CHARACTERS_MAX } from '@grantlog/policy'
import * as t from 'io-ts'
import { POSITION_SCHEMA, withSchema } from './json-schema.js'
import { PRINCIPAL_CHARACTERS_MAX } from './principal.js'

export const KEYS_MAX = 64
export const KEY_CHARACTERS_MAX = 128
export const VALUES_MAX = 64
export const VALUE_CHARACTERS_MAX = 2048
export const RESOURCES_MAX = 32

const sized = (name: string, charactersMax: number) =>
  withSchema(
    t.refinement(t.string, (text) => text !== '' && text.length <= charactersMax, name),
    { minLength: 1, maxLength: charactersMax },
  )

/** `service:Name` in full: a question is about one action. */
const ACTION = /^[A-Za-z0-9_-]+:[A-Za-z0-9_./-]+$/
export const Action = withSchema(
  t.refinement(t.string, (text) => text.length <= 128 && ACTION.test(text), 'Action'),
  { maxLength: 128, pattern: ACTION.source },
)

export const Resource = withSchema(
  t.refinement(
    t.string,
    (text) => text === '*' || (text.length <= 1024 && isArn(text)),
    'Resource',
  ),
  { maxLength: 1024, pattern: '^(\\*|acs:[^:]+:[^:]*:[^:]*:[\\s\\S]+)$' },
)
export const Resources = withSchema(
  t.refinement(
    t.readonlyArray(Resource),
    (all) => all.length > 0 && all.length <= RESOURCES_MAX,
    'Resources',
  ),
  { minItems: 1, maxItems: RESOURCES_MAX },
)

const Value = withSchema(
  t.refinement(t.string, (text) => text.length <= VALUE_CHARACTERS_MAX, 'Value'),
  { maxLength: VALUE_CHARACTERS_MAX },
)
const Values = withSchema(
  t.refinement(t.readonlyArray(Value), (all) => all.length <= VALUES_MAX, 'Values'),
  { maxItems: VALUES_MAX },
)
export const Context = withSchema(
  t.refinement(
    t.record(t.string, t.union([Value, Values])),
    (members) => {
      const keys = Object.keys(members)
      const isSized = keys.every((key) => key !== '' && key.length <= KEY_CHARACTERS_MAX)
      // Keys are compared without case: two spellings of one key would be two meanings.
      const isUnique = new Set(keys.map((key) => key.toLowerCase())).size === keys.length
      return keys.length <= KEYS_MAX && isSized && isUnique
    },
    'Context',
  ),
  {
    maxProperties: KEYS_MAX,
    propertyNames: { minLength: 1, maxLength: KEY_CHARACTERS_MAX },
    description: 'No two keys are alike but for case.',
  },
)

/** A position as answers show it, a number or its text, or a consistency token. */
const GivenPosition = t.union([
  sized('Token', 1024),
  withSchema(
    t.refinement(t.number, (n) => Number.isSafeInteger(n) && n >= 0, 'Position'),
    POSITION_SCHEMA,
  ),
])

const NEEDED = {
  principal: sized('Principal', PRINCIPAL_CHARACTERS_MAX),
  action: Action,
  resource: t.union([Resource, Resources]),
}
const OTHERS = {
  context: Context,
  at: t.union([sized('Time', 40), closed({ position: GivenPosition })]),
  position: GivenPosition,
  sessionPolicy: sized('SessionPolicy', SESSION_POLICY_CHARACTERS_MAX),
}

/** How much of an answer is wanted. */
export const AnswerForm = t.union([t.literal('full'), t.literal('outcome')])

/** The body of `POST /v1/decide` with one question. */
export const DecideBody = closed(
  NEEDED,
  { ...OTHERS, explain: t.boolean, answer: AnswerForm },
  'DecideBody',
)

/** Any members of a question, `explain` aside. */
export const QUESTION_MEMBERS = { ...NEEDED, ...OTHERS }
