/** Entities at every position: what was registered then, and nothing of what came later. */
import { accountDecider, DEFAULT_QUOTAS, type Recorded } from '@grantlog/domain'
import { commandSequence, runCommands, sampleAccountId } from '@grantlog/domain/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold as foldView, record } from '../testing/index.js'
import {
  type EntitiesState,
  entitiesOfTypeAt,
  entitiesView,
  entityAt,
  entityTypes,
} from './view.js'

const accountId = sampleAccountId
const decider = accountDecider(DEFAULT_QUOTAS)
const lives = commandSequence.map((commands) =>
  record(runCommands(commands, decider), { accountId }),
)
const fold = (recorded: ReadonlyArray<Recorded>): EntitiesState => foldView(entitiesView, recorded)
const typed = (kind: 'Subject' | 'Resource') => ({ accountId, kind, entityType: 'user' }) as const

const answers = (state: EntitiesState, position: number) =>
  (['Subject', 'Resource'] as const).map((kind) => ({
    all: entitiesOfTypeAt(state, typed(kind), position),
    each: ['1', 'a b', 'A B'].map((name) => entityAt(state, { ...typed(kind), name }, position)),
  }))

describe('entities', () => {
  it('an answer at a position equals that of a fold over the events up to it', () => {
    fc.assert(
      fc.property(lives, (recorded) => {
        const whole = fold(recorded)
        for (const [index, { position }] of recorded.entries())
          expect(answers(whole, position)).toEqual(
            answers(fold(recorded.slice(0, index + 1)), position),
          )
      }),
      { numRuns: 30 },
    )
  })

  it('given entities of one type, then each is found by its name, and all stand in order', () => {
    fc.assert(
      fc.property(lives, (recorded) => {
        const state = fold(recorded)
        const position = recorded.at(-1)?.position ?? 0
        const all = entitiesOfTypeAt(state, typed('Subject'), position)
        expect(all.map(({ name }) => name)).toEqual(all.map(({ name }) => name).toSorted())
        for (const entity of all) expect(entityAt(state, entity, position)).toBe(entity)
        if (all.length > 0)
          expect(entityTypes(state, { accountId, kind: 'Subject' })).toEqual(['user'])
        expect(entitiesOfTypeAt(state, { ...typed('Subject'), entityType: 'x' }, position)).toEqual(
          [],
        )
      }),
      { numRuns: 30 },
    )
  })
})
