/**
 * Making a folder for its owner alone, with the folders that lead to it.
 *
 * Step by step, not with `recursive`: where a file system answers that a folder can't be there, as
 * `/proc` does, Node's own recursion never ends.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** Does nothing to a folder that is there. Throws what the file system says. */
export const makeDirectory = (directory: string): void => {
  const missing: Array<string> = []
  for (let path = resolve(directory); !existsSync(path); path = dirname(path)) missing.push(path)
  for (const path of missing.reverse()) makeOne(path)
}

/** Another process may make the same folder at the same moment. */
const makeOne = (path: string): void => {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (fault) {
    if (!existsSync(path)) throw fault
  }
}
