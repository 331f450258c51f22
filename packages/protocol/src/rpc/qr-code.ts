/** Seeds of virtual MFA devices as authenticator apps take them in: a URL, and a picture of it. */
import QRCode from 'qrcode'

const ISSUER = 'grantlog'

/**
 * `otpauth://totp/<issuer>:<device>@<account>?…`; the app's own defaults are said too, since they
 * differ between apps.
 */
export const otpauthUrl = (accountId: string, deviceName: string, seed: string): string => {
  const label = `${ISSUER}:${encodeURIComponent(`${deviceName}@${accountId}`)}`
  return `otpauth://totp/${label}?issuer=${ISSUER}&secret=${seed}&algorithm=SHA1&digits=6&period=30`
}

/** A QR code of a text, as the base64 of a PNG. */
export const qrCodePng = async (text: string): Promise<string> =>
  (await QRCode.toBuffer(text, { type: 'png' })).toString('base64')
