/** Dockerfile and .dockerignore: what they name is there, and what runs is not root. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT, textOf } from './source-files.js'

type Instruction = { readonly word: string; readonly rest: string }
type Stage = { readonly name: string; readonly base: string; readonly steps: Instruction[] }

/** The instructions of a Dockerfile, with continued lines joined. */
const instructionsOf = (text: string): ReadonlyArray<Instruction> =>
  text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [word = '', ...rest] = line.trim().split(/\s+/)
      return { word: word.toUpperCase(), rest: rest.join(' ') }
    })

const stages: Stage[] = []
for (const { word, rest } of instructionsOf(textOf('Dockerfile'))) {
  const [, base = '', name = ''] = /^(\S+)(?: AS (\S+))?$/.exec(rest) ?? []
  if (word === 'FROM') stages.push({ base, name, steps: [] })
  else stages.at(-1)?.steps.push({ word, rest })
}
const last = stages.at(-1) ?? { name: '', base: '', steps: [] }

const textsOf = ({ steps }: Stage, wanted: string): ReadonlyArray<string> =>
  steps.flatMap(({ word, rest }) => (word === wanted ? [rest] : []))

type Copy = { readonly from: string | null; readonly sources: ReadonlyArray<string> }

const copiesOf = (stage: Stage): ReadonlyArray<Copy> =>
  textsOf(stage, 'COPY').map((rest) => {
    const words = rest.split(' ')
    const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length) ?? null
    return { from, sources: words.filter((word) => !word.startsWith('--')).slice(0, -1) }
  })

/** What the build is given: everything is left out but what is asked back in. */
const asked = textOf('.dockerignore')
  .split('\n')
  .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []))

describe('the Dockerfile', () => {
  it('given a stage, then it begins with a pinned image or an earlier stage', () => {
    const unpinned = stages.filter(
      ({ base }, index) =>
        !/^node:\d+\.\d+\.\d+-bookworm-slim$/.test(base) &&
        !stages.slice(0, index).some(({ name }) => name === base),
    )
    expect(stages.length).toBeGreaterThan(1)
    expect(unpinned).toEqual([])
  })

  it('given a copy from a stage, then that stage comes earlier', () => {
    const lost = stages.flatMap((stage, index) =>
      copiesOf(stage).filter(
        ({ from }) => from !== null && !stages.slice(0, index).some(({ name }) => name === from),
      ),
    )
    expect(stages.flatMap(copiesOf).filter(({ from }) => from !== null)).not.toEqual([])
    expect(lost).toEqual([])
  })

  it('given a copy of ours, then it is there and the build is given it', () => {
    const ours = stages.flatMap(copiesOf).flatMap(({ from, sources }) => (from ? [] : sources))
    expect(ours).not.toEqual([])
    expect(ours.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
    expect(ours.toSorted()).toEqual(asked.toSorted())
  })

  it('given the packages, then none runs a script of its own when it is installed', () => {
    const installs = stages
      .flatMap((stage) => textsOf(stage, 'RUN'))
      .flatMap((rest) => rest.match(/npm (?:ci|install|prune)[^&]*/g) ?? [])
    expect(installs).not.toEqual([])
    expect(installs.filter((line) => !line.includes('--ignore-scripts'))).toEqual([])
  })

  it('given the image, then its user is not root, and owns alone what is kept', () => {
    expect(textsOf(last, 'USER')).toEqual(['node'])
    expect(textsOf(last, 'RUN')).toEqual(['install -d -o node -g node -m 0700 /data /vault'])
  })

  it('given the image, then its health is asked for with the Node that is in it', () => {
    const [health = ''] = textsOf(last, 'HEALTHCHECK')
    const command = JSON.parse(health.slice(health.indexOf('CMD ') + 4)) as ReadonlyArray<string>
    expect(command.slice(0, 2)).toEqual(['node', '-e'])
    expect(() => new Function(command[2] ?? '')).not.toThrow()
    expect(command[2]).toContain('/readyz')
  })

  it('given what runs by default, then the build makes it', () => {
    const [command = '[]'] = textsOf(last, 'CMD')
    const main = (JSON.parse(command) as ReadonlyArray<string>).at(-1) ?? ''
    expect(existsSync(join(ROOT, main.replace('/dist/main.js', '/src/main.ts')))).toBe(true)
  })
})
