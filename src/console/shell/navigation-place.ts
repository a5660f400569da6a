/** An address and a place of the navigation come in; whether the one belongs to the other goes out. Pure. */

/** "/" is a place of its own; any other has what is below it. */
export const isAt = (pathname: string, place: string): boolean =>
  pathname === place || (place !== '/' && pathname.startsWith(`${place}/`));
