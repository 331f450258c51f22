/** Runs dependency-cruiser with the rules of .dependency-cruiser.cjs over a tree of sources. */
import { createRequire } from 'node:module'
import {
  cruise,
  type ICruiseOptions,
  type ICruiseResult,
  type IForbiddenRuleType,
} from 'dependency-cruiser'

type Configuration = {
  readonly forbidden: Array<IForbiddenRuleType>
  readonly options: ICruiseOptions
}

const configuration = createRequire(import.meta.url)(
  '../../.dependency-cruiser.cjs',
) as Configuration

/** The rules by name, in the order in which they are written. */
export const ruleNames: ReadonlyArray<string> = configuration.forbidden.flatMap(({ name }) =>
  name === undefined ? [] : [name],
)

/** Cruises the named files and folders of the tree at `baseDir`. */
export const cruiseTree = async (
  baseDir: string,
  paths: ReadonlyArray<string>,
): Promise<ICruiseResult> => {
  const { tsConfig: _named, ...options } = configuration.options
  const { output } = await cruise(
    [...paths],
    { ...options, baseDir, validate: true, ruleSet: { forbidden: configuration.forbidden } },
    undefined,
    { tsConfig: { options: { module: 199, moduleResolution: 99, target: 9 } } },
  )
  if (typeof output === 'string') throw new Error('dependency-cruiser answered with a text')
  return output
}

/** What was broken, as `rule: file -> file`. */
export const violationsOf = (result: ICruiseResult): ReadonlyArray<string> =>
  result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)
