/** The version of grantlog, which every package of it has: read from this one's own description. */
import { readFileSync } from 'node:fs'
import { textAt } from './json.js'

export const VERSION: string = textAt(
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')),
  'version',
)
