/** A package that a comparison needs and that need not be installed; its types are those that the caller writes down. */
export async function foreignPackage<T>(name: string): Promise<T> {
  try {
    return (await import(name)) as T;
  } catch (cause) {
    throw new Error(`${name} is not installed`, { cause });
  }
}
