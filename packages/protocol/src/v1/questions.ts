/**
 * Several questions in one body: `questions`, and beside it what holds for each of them that does
 * not say it itself.
 */
import { closed, jsonPointer, type RequestContext, requestContext } from '@grantlog/policy'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Fault } from '../rpc/faults.js'
import { faultOf, type MemberAbout, member } from './about.js'
import { malformedBody } from './json-body.js'
import type { ReadFault } from './problem.js'
import { QUESTION_BODY, type Question, questionOf } from './question.js'
import { AnswerForm, QUESTION_MEMBERS } from './question-members.js'

/** How many questions one call may ask. Unit: questions. Ours. */
export const QUESTIONS_MAX = 100

const Part = closed({}, QUESTION_MEMBERS, 'QuestionPart')
type Part = t.TypeOf<typeof Part>

const Parts = t.refinement(
  t.readonlyArray(Part),
  (all) => all.length > 0 && all.length <= QUESTIONS_MAX,
  'Questions',
)

/** The body of `POST /v1/decide` with several questions. */
export const SeveralBody = closed(
  { questions: Parts },
  { ...QUESTION_MEMBERS, answer: AnswerForm },
  'SeveralBody',
)

const SEVERAL_ABOUT: ReadonlyArray<MemberAbout> = [
  member.optional(
    'questions',
    `a list of 1 to ${QUESTIONS_MAX} objects, each with the members of a question but explain and answer`,
    `Several questions, at most ${QUESTIONS_MAX}, answered in their order, all or none. Each has the members above but \`explain\` and \`answer\`; a member that stands beside \`questions\` holds for each that lacks it, the moment as one.`,
  ),
]

/** The members of a body with one question or several. */
export const DECIDE_BODY: ReadonlyArray<MemberAbout> = [
  ...QUESTION_BODY.map((about) =>
    about.isNeeded
      ? { ...about, isNeeded: false, meaning: `${about.meaning} Needed for each question.` }
      : about,
  ),
  ...SEVERAL_ABOUT,
]

export type Several = {
  /** As they came in, without what holds for all. */
  readonly parts: ReadonlyArray<object>
  readonly questions: ReadonlyArray<Question>
  /** Whether only the outcomes are wanted. */
  readonly isLean: boolean
}

/** Whether a body is meant to have several questions. */
export const isSeveral = (input: unknown): boolean =>
  typeof input === 'object' && input !== null && Object.hasOwn(input, 'questions')

/** The first fault by its place; what is inside a member is told by the member's rule. */
const firstFault = ([first]: t.Errors): E.Either<ReadFault, never> => {
  const [, at, index, name] = first?.context.map(({ key }) => key) ?? []
  if (at === undefined) return malformedBody('', 'it must be a JSON object')
  if (at === 'explain')
    return malformedBody(jsonPointer([at]), 'it must not stand beside `questions`')
  if (at !== 'questions' || index === undefined || index === '')
    return malformedBody(jsonPointer([at]), faultOf(DECIDE_BODY, at, 'member'))
  if (name === undefined) return malformedBody(jsonPointer([at, index]), 'it must be a JSON object')
  const known = faultOf(QUESTION_BODY, name, 'member')
  const isForOne = name === 'explain' || name === 'answer'
  const fault = isForOne ? 'it must not stand in one of several questions' : known
  return malformedBody(jsonPointer([at, index, name]), fault)
}

/** The pointer of a fault of one question: to the question, or to what stands beside all. */
export const placed = <F extends Fault | ReadFault>(
  fault: F,
  index: number,
  part: object,
): F | ReadFault => {
  if (fault.type !== 'BodyMalformed') return fault
  const { type, pointer, fault: detail } = fault as Extract<ReadFault, { type: 'BodyMalformed' }>
  const name = pointer.split('/', 2)[1] ?? ''
  const at = jsonPointer(['questions', String(index)])
  return { type, pointer: Object.hasOwn(part, name) ? `${at}${pointer}` : pointer, fault: detail }
}

type Common = Omit<t.TypeOf<typeof SeveralBody>, 'questions' | 'answer'>

/** The moment of a question is its own as a whole, or that of all. */
const momentOf = (part: Part, common: Common): Pick<Common, 'at' | 'position'> =>
  part.at === undefined && part.position === undefined ? common : part

const missing = (index: number, name: string): E.Either<ReadFault, never> =>
  malformedBody(jsonPointer(['questions', String(index), name]), 'it is missing')

const NO_CONTEXT: RequestContext = new Map()

/** Puts a part together with what holds for all. */
const completed = (common: Common) => {
  const contextOfAll = common.context === undefined ? NO_CONTEXT : requestContext(common.context)
  return (part: Part, index: number): E.Either<ReadFault, Question> => {
    const { principal = common.principal, action = common.action, context } = part
    const { resource = common.resource, sessionPolicy = common.sessionPolicy } = part
    if (principal === undefined) return missing(index, 'principal')
    if (action === undefined) return missing(index, 'action')
    if (resource === undefined) return missing(index, 'resource')
    const { at, position } = momentOf(part, common)
    const members = { principal, action, resource, at, position, sessionPolicy }
    const given = context === undefined ? contextOfAll : requestContext(context)
    const question = questionOf('Body', members, given)
    return E.isLeft(question) ? E.left(placed(question.left, index, part)) : question
  }
}

/** Reads all questions, or says what is wrong with the first that is not as it should be. */
export const severalOfJson = (input: unknown): E.Either<ReadFault, Several> => {
  const decoded = SeveralBody.is(input) ? E.right(input) : SeveralBody.decode(input)
  if (E.isLeft(decoded)) return firstFault(decoded.left)
  const { questions: parts, answer, ...common } = decoded.right
  const complete = completed(common)
  const questions: Array<Question> = []
  for (const [index, part] of parts.entries()) {
    const question = complete(part, index)
    if (E.isLeft(question)) return question
    questions.push(question.right)
  }
  return E.right({ parts, questions, isLean: answer === 'outcome' })
}
