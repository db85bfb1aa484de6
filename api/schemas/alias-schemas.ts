import { z } from 'zod';
import { ALIAS_CURSOR } from '../../client/index.js';
import { described } from '../../domain/described.js';
import { aliasRecordSchema, optionalReason } from '../../domain/model/model-alias.js';
import { ID } from '../../domain/names.js';
import { next, pageQuery } from './common.js';

const id = (what: string) =>
  z.string().regex(ID, `expected ${what} of letters, digits, "_" or "-"`);
const modelName = described(id('a model name'), 'Name of the model.', 'fish');
const alias = described(
  id('an alias'),
  'Alias of a version; `latest`, `previous`, numbers and `v` with a number are reserved.',
  'champion',
);

/** Path parameters of a model. */
export const modelParams = z.object({ name: modelName });

/** Path parameters of an alias. */
export const aliasParams = z.object({ name: modelName, alias });

const { version } = aliasRecordSchema.shape;

export const aliasMoveSchema = z
  .strictObject({ version, reason: optionalReason })
  .meta({ id: 'AliasMove', description: 'Version to which an alias is moved.' });

export const rollbackSchema = z
  .strictObject({
    from: described(
      version.optional(),
      'Version of the champion to roll back. With it, a repeated request changes nothing.',
      4,
    ),
    reason: optionalReason,
  })
  .meta({ id: 'AliasRollback', description: 'Rollback of the champion.' });

export const aliasSchema = aliasRecordSchema
  .extend({ name: modelName, alias: described(z.string(), 'Name of the alias.', 'champion') })
  .meta({ id: 'ModelAlias', description: 'Alias of a model, or a change of it.' });

export const aliasesSchema = z
  .object({
    aliases: described(
      z.array(aliasSchema).readonly(),
      'Aliases by name; `previous` is the champion before the last change.',
    ),
  })
  .meta({ id: 'ModelAliases', description: 'Aliases of a model.' });

export const aliasHistoryQuery = pageQuery(z.string().regex(ALIAS_CURSOR));

export const aliasHistorySchema = z
  .object({
    changes: described(z.array(aliasSchema).readonly(), 'Changes of the aliases, newest first.'),
    next,
  })
  .meta({ id: 'AliasHistory', description: 'Page of the history of the aliases of a model.' });
