/** The version of grantlog: that of every package of it. A test compares them. */
export const VERSION = '0.1.0'
