import type { KeyValue, SchemaElement } from 'hyparquet';

/** A column's type: a number, a text, a picture (its file's bytes and name), or lists of one, however deep. */
export type Type = 'INT64' | 'FLOAT' | 'DOUBLE' | 'TEXT' | 'PICTURE' | { readonly list: Type };
export type Picture = { readonly bytes: Uint8Array; readonly path: string };

/** A Parquet file that is being written, a row group at a time. */
export interface TableWriter {
  /** Bytes so far. */
  readonly bytes: number;
  /** Rows of all columns, as one row group. Whole numbers are `bigint`s. */
  append(columns: Readonly<Record<string, readonly unknown[]>>): void;
  close(): void;
}

/** Begins a Parquet file with Snappy compression, as lerobot writes its own. */
export async function tableWriter(
  path: string,
  types: Readonly<Record<string, Type>>,
  kvMetadata: KeyValue[] = [],
): Promise<TableWriter> {
  const { fileWriter, ParquetWriter } = await import('hyparquet-writer');
  const writer = fileWriter(path);
  const columns = Object.entries(types);
  const root: SchemaElement = { name: 'schema', num_children: columns.length };
  const schema = [root, ...columns.flatMap(([name, type]) => elements(name, type))];
  const table = new ParquetWriter({ writer, schema, kvMetadata, createdBy: 'premotor' });
  return {
    get bytes() {
      return writer.offset;
    },
    append: (rows) => {
      const columnData = columns.map(([name, type]) => ({
        name,
        data: rows[name] as unknown[],
        statistics: type !== 'PICTURE',
      }));
      table.write({ columnData, rowGroupSize: Math.max(1, columnData[0]!.data.length) });
    },
    close: () => void table.finish(),
  };
}

/** As the Parquet format has it: a group for a list, one for its repetition, one for its elements. */
function elements(name: string, type: Type): SchemaElement[] {
  const optional = { name, repetition_type: 'OPTIONAL' } as const;
  if (typeof type === 'object') {
    return [
      { ...optional, converted_type: 'LIST', num_children: 1 },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      ...elements('element', type.list),
    ];
  }
  if (type === 'TEXT') return [{ ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8' }];
  if (type !== 'PICTURE') return [{ ...optional, type }];
  return [
    { ...optional, num_children: 2 },
    { name: 'bytes', repetition_type: 'OPTIONAL', type: 'BYTE_ARRAY' },
    ...elements('path', 'TEXT'),
  ];
}
