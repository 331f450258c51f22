/**
 * Columns that are found by the characters of their actions: never another's, and mostly one's own.
 */
import { describe, expect, it } from 'vitest'
import { newColumn } from './column.js'
import { newKnownActions } from './known-actions.js'

const columnFor = (action: number) => newColumn([], 0, 0, { action, assumes: false })

const keeping = (placesBits: number, actions: ReadonlyArray<string>) => {
  const known = newKnownActions(placesBits)
  const columns = new Map(actions.map((action, index) => [action, columnFor(index)]))
  for (const [action, column] of columns) known.keep(action, column)
  const found = actions.filter((action) => {
    const column = known.find(action)
    if (column !== undefined) expect(column).toBe(columns.get(action))
    return column !== undefined
  })
  return { known, found }
}

const LETTERS = [...'abcdefgh']

describe('the actions that were asked about last', () => {
  it('given one place, then who came last is found there and nobody else', () => {
    const actions = LETTERS.map((letter) => `ecs:Describe${letter}Instances`)
    expect(keeping(0, actions).found).toEqual(actions.slice(-1))
  })

  it('given all were forgotten, then none is found', () => {
    const { known } = keeping(4, ['ecs:StopInstance'])
    known.forget()
    expect(known.find('ecs:StopInstance')).toBeUndefined()
  })

  it.each([
    ['the service', (letter: string) => `e${letter}s:DescribeInstances`],
    ['the verb', (letter: string) => `ecs:${letter}escribeInstances`],
    ['the third letter of the verb', (letter: string) => `ecs:De${letter}cribeInstances`],
    ['the end', (letter: string) => `ecs:DescribeInstance${letter}s`],
    ['the noun', (letter: string) => `ecs:DescribeInsta${letter}nces`],
    ['the length', (letter: string) => `ecs:Describe${'s'.repeat(letter.charCodeAt(0) - 96)}`],
  ])('given actions that differ in %s, then all are found', (_, actionOf) => {
    const actions = LETTERS.map(actionOf)
    expect(keeping(12, actions).found).toEqual(actions)
  })

  it('given a name too short to tell its place, then it is not found and takes no place', () => {
    expect(keeping(0, ['ecs:Get', 'ecs:Go']).found).toEqual(['ecs:Get'])
  })
})
