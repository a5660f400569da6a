/** An HTTP verb comes in; a short tag in its colour goes out. */

const short: Readonly<Record<string, string>> = { DELETE: 'DEL' };

/** The word is there for those who do not see colours. */
export const VerbTag = ({ verb, isLarge = false }: { readonly verb: string; readonly isLarge?: boolean }) => (
  <span className={`verb-tag verb-${verb.toLowerCase()}${isLarge ? ' verb-large' : ''}`}>
    {isLarge ? verb : (short[verb] ?? verb)}
  </span>
);
