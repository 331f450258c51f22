/**
 * Lists of actions that come and go: of an action exactly the statements that cover it are told.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ActionPatterns } from '../document.js'
import { type ActionLists, actionLists, coversAction, type Posting } from './action-lists.js'

const ACTIONS = ['ecs:stop', 'ecs:start', 'oss:get', 'e:a', 'bx:c', 'ecs:', 'ecs', ':', '']

const patterns = fc.array(
  fc.constantFrom('*', 'ecs:*', 'e?s:stop', 'ecs:st*', 'ecs:stop', 'ecs:start', 'oss:get', '*:get'),
  { minLength: 1, maxLength: 3 },
)
const someActions: fc.Arbitrary<ActionPatterns> = fc.record({
  type: fc.constantFrom('Action' as const, 'Action' as const, 'NotAction' as const),
  patterns,
})

const toldOf = (lists: ActionLists, action: string): ReadonlyArray<Posting> => {
  const told: Array<Posting> = []
  lists.covering(action, (posting) => told.push(posting))
  return told.toSorted((a, b) => a - b)
}

const action = (...patterns: ReadonlyArray<string>): ActionPatterns => ({
  type: 'Action',
  patterns,
})

describe('lists of actions', () => {
  it('given any that come and go, then each statement that covers an action is told once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(someActions, fc.boolean()), { minLength: 1, maxLength: 20 }),
        (all) => {
          const lists = actionLists()
          for (const [index, [actions]] of all.entries()) lists.add(actions, index)
          for (const [index, [actions, stays]] of all.entries())
            if (!stays) lists.remove(actions, index)
          for (const asked of ACTIONS)
            expect(toldOf(lists, asked)).toEqual(
              [...all.keys()].filter((index) => {
                const [actions, stays] = all[index] ?? [action(), false]
                return stays && coversAction(actions, asked)
              }),
            )
        },
      ),
    )
  })

  it('given lists that are the same when run together, then each is its own', () => {
    const lists = actionLists()
    lists.add(action('e:a', 'bx:c'), 1)
    lists.add(action('e:ab', 'x:c'), 2)
    lists.add({ type: 'NotAction', patterns: ['e:a', 'bx:c'] }, 3)
    expect(['e:a', 'bx:c', 'e:ab', 'x:c'].map((asked) => toldOf(lists, asked))).toEqual([
      [1],
      [1],
      [2, 3],
      [2, 3],
    ])
  })
})
