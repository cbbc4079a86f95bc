// What the server asks of a password, to say it while one types. The server decides.
export const minLength = 10

/** How many of lower case, upper case, digits and others are in it. */
export const passwordKinds = (text: string): number => [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter((kind) => kind.test(text)).length
