/** Records of access as they come out of the log. */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { sampleAccountId } from '../testing/index.js'
import { AccessRecorded } from './events.js'

const question = { principal: 0, action: 'ots:GetRow', resources: ['acs:ots:*:*:x'], context: 0 }
const batch = {
  type: 'AccessRecorded',
  accountId: sampleAccountId,
  sessionPolicies: [],
  principals: [{ type: 'Root' }],
  contexts: [{ values: {}, hasTime: false }],
  questions: [question],
  answers: [{ outcome: 'Allowed', code: '' }],
  requestIds: ['r-1'],
  records: { request: [0], question: [0], answer: [0], position: [7], time: [1] },
}

describe('a batch of records', () => {
  it('given a whole batch, then it is what it was', () => {
    expect(AccessRecorded.decode(batch)).toEqual(E.right(batch))
  })
  it('given a question with a member that nobody knows, then it is read without it', () => {
    const later = { ...batch, questions: [question, { ...question, later: true }] }
    expect(AccessRecorded.decode(later)).toEqual(
      E.right({ ...batch, questions: [question, question] }),
    )
  })
  it('given principals and contexts with such members, then they are read without them', () => {
    const principals = [
      { type: 'Root', accessKeyId: 'LTAI1' },
      { type: 'User', userId: '200000000000000001' },
      { type: 'Role', roleId: '300000000000000001', sessionName: 's', narrowedBy: [] },
      { type: 'Unrecorded' },
      { type: 'Unrecorded', entityId: 'e-0123456789abcdef0123456789abcdef' },
    ]
    const contexts = [{ values: { 'acs:mfapresent': ['true'] }, hasTime: true }]
    const later = {
      ...batch,
      principals: principals.map((one) => ({ ...one, later: true })),
      contexts: contexts.map((one) => ({ ...one, later: true })),
    }
    expect(AccessRecorded.decode({ ...batch, principals, contexts })).toEqual(
      E.right({ ...batch, principals, contexts }),
    )
    expect(AccessRecorded.decode(later)).toEqual(E.right({ ...batch, principals, contexts }))
  })
  it('given a root with the id of a user, then it is read without it', () => {
    const principals = [{ type: 'Root', userId: '200000000000000001' }]
    expect(AccessRecorded.decode({ ...batch, principals })).toEqual(E.right(batch))
  })
  it.each([
    ['a context whose values are no lists', { contexts: [{ values: { a: 'b' }, hasTime: true }] }],
    ['a principal of no type', { principals: [{ type: 'Anybody' }] }],
    ['a place that is none', { records: { ...batch.records, question: ['0'] } }],
    ['a question without an action', { questions: [{ ...question, action: undefined }] }],
    ['a resource that is no text', { questions: [{ ...question, resources: [7] }] }],
    ['an id of a request that is no text', { requestIds: [7] }],
    ['no list of questions', { questions: {} }],
  ])('given %s, then it is refused', (_, more) => {
    expect(AccessRecorded.decode({ ...batch, ...more })).toMatchObject({ _tag: 'Left' })
  })
})
