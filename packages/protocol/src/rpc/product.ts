/** The products that share one port, told apart by the version that a call names. */
export type Product = 'Ram' | 'Sts' | 'Ims'

export const PRODUCT_VERSIONS: Readonly<Record<Product, string>> = {
  Ram: '2015-05-01',
  Sts: '2015-04-01',
  Ims: '2019-08-15',
}

/** Before the name of an operation, what makes it an action; those of IMS are RAM's. */
export const ACTION_PREFIX: Readonly<Record<Product, string>> = {
  Ram: 'ram',
  Sts: 'sts',
  Ims: 'ram',
}
