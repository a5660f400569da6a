/** The page comes in; the nonce that this answer's policy gives to styles goes out. */

/** Read once: browsers hide it from scripts afterwards in attributes, but not in a meta element's content. */
const nonce = document.querySelector('meta[name="nonce"]')?.getAttribute('content') ?? '';

export const styleNonce = (): string => nonce;

/** Where the scroll lock of dialogs looks for it; it knows no other way (package get-nonce). */
Object.assign(globalThis, { __webpack_nonce__: nonce });
