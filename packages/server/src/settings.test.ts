/** Settings: who wins over whom, and what is refused with which sentence. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { logSetting, natsSetting, ownShardsSetting, shardsSetting } from './cluster-settings.js'
import {
  allowRemoteSetting,
  hostSetting,
  portSetting,
  quotasSetting,
  refuseRemote,
} from './known-settings.js'
import { readSettings } from './settings.js'

const PROGRAM = { name: 'x', description: 'x', version: '1.0.0', examples: [] }
const SETTINGS = {
  port: portSetting(7070),
  host: hostSetting,
  allowRemote: allowRemoteSetting,
  quotas: quotasSetting,
}

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'grantlog-settings-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
  delete process.env['GRANTLOG_PORT']
})

const file = (content: unknown): string => {
  const path = join(folder, 'settings.json')
  writeFileSync(path, JSON.stringify(content))
  return path
}
const read = (...args: ReadonlyArray<string>) => readSettings(PROGRAM, SETTINGS, args)
const sentence = (answer: E.Either<unknown, unknown>): string =>
  E.isLeft(answer) ? String((answer.left as { sentence?: string }).sentence) : 'accepted'

describe('settings', () => {
  it('given all three, then the flag wins over the variable, and that over the file', () => {
    const config = file({ port: 1 })
    expect(read()).toMatchObject({ right: { port: 7070 } })
    expect(read('--config', config)).toMatchObject({ right: { port: 1 } })
    process.env['GRANTLOG_PORT'] = '2'
    expect(read('--config', config)).toMatchObject({ right: { port: 2 } })
    expect(read('--config', config, '--port', '3')).toMatchObject({ right: { port: 3 } })
  })

  it('given a variable that says no, or nonsense, then it is not taken for a yes', () => {
    try {
      process.env['GRANTLOG_ALLOW_REMOTE'] = 'false'
      expect(read()).toMatchObject({ right: { allowRemote: false } })
      expect(read('--allow-remote')).toMatchObject({ right: { allowRemote: true } })
      process.env['GRANTLOG_ALLOW_REMOTE'] = 'true'
      expect(read()).toMatchObject({ right: { allowRemote: true } })
      process.env['GRANTLOG_ALLOW_REMOTE'] = 'maybe'
      expect(sentence(read())).toContain('must be true or false, not "maybe"')
    } finally {
      delete process.env['GRANTLOG_ALLOW_REMOTE']
    }
  })

  it('given a port that is none, then it is named', () => {
    for (const port of ['abc', '65536', '-1', '1e3', '', ' 80'])
      expect(sentence(read(`--port=${port}`))).toContain(`not "${port}"`)
  })

  it('given a member that is not known, then it is named with those that are', () => {
    const told = sentence(read('--config', file({ prot: 1 })))
    expect(told).toContain('unknown member "prot". Known are: port, host, allowRemote, quotas')
  })

  it('given a file that is no object, then it is refused', () => {
    expect(sentence(read('--config', file([1])))).toContain('it must hold one JSON object')
    expect(sentence(read('--config', join(folder, 'absent.json')))).toContain("can't be read")
  })

  it('given a quota that is none, then it is named', () => {
    expect(sentence(read('--config', file({ quotas: { userz: 1 } })))).toContain('quota "userz"')
  })

  it('given an address that others can reach, then it must be allowed', () => {
    const remote = { host: '0.0.0.0', allowRemote: false }
    expect(sentence(refuseRemote(remote))).toContain('--allow-remote')
    expect(E.isRight(refuseRemote({ ...remote, allowRemote: true }))).toBe(true)
    for (const host of ['127.0.0.1', '127.8.8.8', '::1', 'localhost'])
      expect(E.isRight(refuseRemote({ host, allowRemote: false }))).toBe(true)
  })
})

describe('the settings of a cluster', () => {
  it('given a log, then only a connection string is one, and no refusal repeats it', () => {
    expect(logSetting.decode('esdb://u:p@h:2113')).toEqual(E.right('esdb://u:p@h:2113'))
    const refused = logSetting.decode('http://u:hush@h:2113')
    expect(JSON.stringify(refused)).not.toContain('hush')
    expect(E.isLeft(refused)).toBe(true)
    expect(E.isLeft(logSetting.fallback())).toBe(true)
  })

  it('given NATS servers, then each is a URL', () => {
    const both = 'nats://a:4222, tls://u:p@b:4222'
    expect(natsSetting.decode(both)).toEqual(E.right(['nats://a:4222', 'tls://u:p@b:4222']))
    for (const wrong of ['a:4222', 'http://a', 'nats://a:port', 'nats://a,,nats://b'])
      expect(E.isLeft(natsSetting.decode(wrong))).toBe(true)
  })

  it('given own shards, then numbers and ranges count, each once', () => {
    expect(ownShardsSetting.decode('0,2,5-7,6')).toEqual(E.right([0, 2, 5, 6, 7]))
    for (const wrong of ['a', '1-', '-1', '1;2', '10000', '3-1'])
      expect(E.isLeft(ownShardsSetting.decode(wrong))).toBe(true)
    expect(E.isLeft(shardsSetting.decode('0'))).toBe(true)
  })
})
