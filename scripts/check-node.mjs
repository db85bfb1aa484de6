// Imported before anything else, so that an older Node ends here and not with a syntax error.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Vidette needs Node 20.19 or newer; this is ${process.versions.node} (${process.execPath}). ` +
      'Get a newer one from https://nodejs.org, or run with `npx -p node@22 node`.',
  );
  process.exit(1);
}
