// Imported before anything else, so that an older Node stops here and not with a syntax error.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const isSupported = (major === 22 && minor >= 12) || major >= 24;

if (!isSupported) {
  console.error(
    `Vidette needs Node 22.12 or newer, or Node 24; this is ${process.versions.node} ` +
      `(${process.execPath}). Install one from https://nodejs.org, or run \`npx -p node@22 npm start\`.`,
  );
  process.exit(1);
}
