/**
 * What every view store must do, as a suite that runs against any of them.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RowChange, ViewStore } from '../ports.js'
import { ok, refused } from './log-contract-cases.js'

export const viewStoreContract = (name: string, make: () => Promise<ViewStore>): void => {
  describe(`${name} as a view store`, () => {
    let store: ViewStore
    beforeEach(async () => {
      store = await make()
    })
    afterEach(() => store.close())

    const loaded = async (view: string, version: number) => {
      const rows: Array<readonly [string, string, string]> = []
      const { position } = await store.load(view, version, (...row) => rows.push(row))
      return { position, rows: rows.map((row) => row.join('/')).sort() }
    }
    const put = (table: string, key: string, value: string | null): RowChange => ({
      table,
      key,
      value,
    })

    it('given nothing, then the checkpoint is 0 and there are no rows', async () => {
      expect(await loaded('grants', 1)).toEqual({ position: 0, rows: [] })
    })

    it('given commits, then rows and checkpoint are those of the last', async () => {
      await ok(store.commit('grants', 1, 0, 5, [put('a', 'x', '1'), put('b', 'x', '2')]))
      await ok(store.commit('grants', 1, 5, 9, [put('a', 'x', '3'), put('b', 'x', null)]))
      await ok(store.commit('grants', 1, 9, 12, []))
      expect(await loaded('grants', 1)).toEqual({ position: 12, rows: ['a/x/3'] })
    })

    it('given changes of one key in one commit, then the last one stays', async () => {
      const changes = [
        put('a', 'x', '1'),
        put('a', 'x', null),
        put('a', 'x', '2'),
        put('a', 'y', null),
      ]
      await ok(store.commit('grants', 1, 0, 1, changes))
      expect(await loaded('grants', 1)).toEqual({ position: 1, rows: ['a/x/2'] })
    })

    it('given a checkpoint that has moved, then nothing is stored', async () => {
      await ok(store.commit('grants', 1, 0, 5, [put('a', 'x', '1')]))
      for (const wrong of [0, 4, 6]) {
        const commit = store.commit('grants', 1, wrong, 7, [put('a', 'x', '9'), put('a', 'y', '9')])
        expect(await refused(commit)).toEqual({ type: 'CheckpointMoved' })
      }
      expect(await loaded('grants', 1)).toEqual({ position: 5, rows: ['a/x/1'] })
    })

    it('given two that commit after the same checkpoint, then one wins', async () => {
      const commits = ['1', '2', '3'].map((value) =>
        store.commit('grants', 1, 0, 1, [put('a', value, value)])(),
      )
      const answers = await Promise.all(commits)
      expect(answers.filter(({ _tag }) => _tag === 'Right').length).toBe(1)
      expect((await loaded('grants', 1)).rows.length).toBe(1)
    })

    it('given other views and versions, then they are kept apart', async () => {
      await ok(store.commit('grants', 1, 0, 5, [put('a', 'x', '1')]))
      await ok(store.commit('grants', 2, 0, 6, [put('a', 'x', '2')]))
      await ok(store.commit('history', 1, 0, 7, [put('a', 'x', '3')]))
      expect(await loaded('grants', 1)).toEqual({ position: 5, rows: ['a/x/1'] })
      expect(await loaded('grants', 2)).toEqual({ position: 6, rows: ['a/x/2'] })
      expect(await loaded('history', 1)).toEqual({ position: 7, rows: ['a/x/3'] })
    })

    it('given a reset, then the view is empty in every version and the others stay', async () => {
      await ok(store.commit('grants', 1, 0, 5, [put('a', 'x', '1')]))
      await ok(store.commit('grants', 2, 0, 6, [put('a', 'x', '2')]))
      await ok(store.commit('history', 1, 0, 7, [put('a', 'x', '3')]))
      await store.reset('grants', 2)
      expect(await loaded('grants', 1)).toEqual({ position: 0, rows: [] })
      expect(await loaded('grants', 2)).toEqual({ position: 0, rows: [] })
      expect(await loaded('history', 1)).toEqual({ position: 7, rows: ['a/x/3'] })
      await ok(store.commit('grants', 2, 0, 1, [put('a', 'x', '4')]))
      expect(await loaded('grants', 2)).toEqual({ position: 1, rows: ['a/x/4'] })
    })

    it('given many rows of any text, then they come back as they went in', async () => {
      const changes = Array.from({ length: 3_000 }, (_, i) =>
        put(`t${i % 7}`, `é/${i}`, `"日${i}"`),
      )
      await ok(store.commit('grants', 1, 0, 1, changes))
      const expected = changes.map(({ table, key, value }) => `${table}/${key}/${value}`).sort()
      expect(await loaded('grants', 1)).toEqual({ position: 1, rows: expected })
    })
  })
}
