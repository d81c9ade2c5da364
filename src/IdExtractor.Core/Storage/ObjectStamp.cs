namespace IdExtractor.Core.Storage;

/// <summary>
/// Opaque identity of one version of an object: the ETag in S3, modification time and size on disk.
/// Two stamps are equal exactly when the store holds the same version.
/// </summary>
/// <param name="Value">Compared ordinally; never parsed outside its store.</param>
public readonly record struct ObjectStamp(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
