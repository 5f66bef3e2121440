import { type Type, tableWriter } from './table.ts';

const INDEX = '__index_level_0__';

/** Writes `meta/tasks.parquet` with one task: a table as pandas writes it, with the names of tasks as its index. */
export async function writeTasks(path: string, task: string): Promise<void> {
  const types: Record<string, Type> = { task_index: 'INT64', [INDEX]: 'TEXT' };
  const table = await tableWriter(path, types, [{ key: 'pandas', value: JSON.stringify(PANDAS) }]);
  table.append({ task_index: [0n], [INDEX]: [task] });
  table.close();
}

const column = (name: string | null, field: string | null, pandas: string, numpy: string, metadata: object | null) => ({
  name,
  field_name: field,
  pandas_type: pandas,
  numpy_type: numpy,
  metadata,
});

/** By this pandas knows which column is the index. */
const PANDAS = {
  index_columns: [INDEX],
  column_indexes: [column(null, null, 'unicode', 'object', { encoding: 'UTF-8' })],
  columns: [column('task_index', 'task_index', 'int64', 'int64', null), column(null, INDEX, 'unicode', 'object', null)],
  creator: { library: 'premotor', version: '0' },
  pandas_version: '2.2.3',
};
