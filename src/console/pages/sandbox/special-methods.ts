/** Nothing comes in; names for the requests that are of no method go out. */

/** By the word that the sandbox has for them; many of them. */
export const specialMethods: Readonly<Record<string, string>> = {
  token: 'Token requests',
  file: 'Downloads and uploads',
};

/** One of them. */
export const specialRequests: Readonly<Record<string, string>> = {
  token: 'Token request',
  file: 'Download or upload',
};
