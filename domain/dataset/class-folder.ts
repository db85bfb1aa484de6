/** Characters that a file system does not take, "%", and a dot or space at the start or the end. */
// eslint-disable-next-line no-control-regex -- matched to be encoded
const UNSAFE = /[\u0000-\u001f<>:"/\\|?*%\u007f]|^[. ]|[. ]$/g;

/** Name of the folder of a class; unsafe characters are percent-encoded. @example 'a%2Fb' */
export function classFolder(label: string): string {
  return label.replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0).toString(16).toUpperCase();
    return `%${code.padStart(2, '0')}`;
  });
}

/** Class of a folder: the inverse of {@link classFolder}. */
export function classOfFolder(folder: string): string {
  return folder.replace(/%([0-9A-F]{2})/g, (_, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  );
}
