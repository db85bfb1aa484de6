import protobuf from 'protobufjs';

/** Field of an encoded protobuf message. */
export interface WireField {
  readonly id: number;
  /** The field as it is in the message, with its tag. */
  readonly bytes: Uint8Array;
  /** Content of a field of bytes, text or a message; empty for numbers. */
  readonly content: Uint8Array;
}

const LENGTH_DELIMITED = 2;
const WIRE_TYPE_BITS = 3;

/** Splits an encoded message into its fields, also those that no description of it names. */
export function splitFields(message: Uint8Array): WireField[] {
  const reader = protobuf.Reader.create(message);
  const fields: WireField[] = [];
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    const wireType = tag & ((1 << WIRE_TYPE_BITS) - 1);
    const content = wireType === LENGTH_DELIMITED ? reader.bytes() : new Uint8Array();
    if (wireType !== LENGTH_DELIMITED) reader.skipType(wireType);
    fields.push({
      id: tag >>> WIRE_TYPE_BITS,
      bytes: message.subarray(start, reader.pos),
      content,
    });
  }
  return fields;
}

/** Encodes a field of bytes, text or a message. */
export function encodeField(id: number, content: Uint8Array): Uint8Array {
  const tag = (id << WIRE_TYPE_BITS) | LENGTH_DELIMITED;
  return protobuf.Writer.create().uint32(tag).bytes(content).finish();
}

/**
 * Replaces fields of an encoded message and keeps all others byte for byte.
 * @param replace returns the encoded fields in place of one; undefined keeps it.
 */
export function spliceFields(
  message: Uint8Array,
  replace: (field: WireField) => readonly Uint8Array[] | undefined,
): Uint8Array {
  return Buffer.concat(splitFields(message).flatMap((field) => replace(field) ?? [field.bytes]));
}
