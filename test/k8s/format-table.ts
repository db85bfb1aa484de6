const MESSAGE_LENGTH = 200;

/** Aligns the columns of rows, whose last cell is a message; the end of a long one is left out. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) => [
    ...row.slice(0, -1).map((cell, column) => cell.padEnd(widths[column] ?? 0)),
    row.at(-1)?.slice(0, MESSAGE_LENGTH),
  ]);
  return lines.map((cells) => cells.join('  ')).join('\n');
}
