/**
 * The command line's own table of operations and their parameters, from the rows of the protocol:
 * it tells a slip of the pen at once, where to load the protocol would take longer than the call.
 */
const OPENING = `/**
 * The operations that there are, by product, each with the names of its parameters between
 * spaces; of lists \`1\` stands for any number. Made by \`npm run docs\` from the protocol's
 * table, and not to be edited.
 */
import type { Product } from '@grantlog/client'

/** By product, and there by name. */
export const OPERATION_PARAMETERS: Readonly<Record<Product, Readonly<Record<string, string>>>> = {
`

const COLUMNS_MAX = 100

/** As few lines as the names take, each as long as it may be. */
const linesOf = (names, columnsMax) => {
  const lines = ['']
  for (const name of names) {
    const last = lines.at(-1)
    const longer = last === '' ? name : `${last} ${name}`
    if (longer.length <= columnsMax) lines[lines.length - 1] = longer
    else lines.push(name)
  }
  return lines
}

/** As the formatter writes it: on one line where that is short enough. */
const rowText = ({ name, parameters }) => {
  const line = `    ${name}: '${parameters.join(' ')}',`
  if (line.length <= COLUMNS_MAX) return line
  const texts = linesOf(parameters, COLUMNS_MAX - "      ' ' +".length)
  return `    ${name}:\n      '${texts.join(" ' +\n      '")}',`
}

export const operationParametersFile = (operations) => {
  const products = [...new Set(operations.map(({ product }) => product))]
  const blocks = products.map((product) => {
    const rows = operations.filter((row) => row.product === product).map(rowText)
    return `  ${product}: {\n${rows.join('\n')}\n  },\n`
  })
  return { text: `${OPENING}${blocks.join('')}}\n`, missing: [] }
}
