using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Lifecycle.Architecture.Tests;

/// <summary>One of our assemblies as the compiler left it: what it refers to, and how long its methods are.</summary>
internal sealed class Compiled : IDisposable
{
    private readonly PEReader _file;
    private readonly MetadataReader _metadata;
    private readonly MetadataReaderProvider _symbolFile;
    private readonly MetadataReader _symbols;

    private Compiled(string path)
    {
        Name = Path.GetFileNameWithoutExtension(path);
        _file = new PEReader(File.OpenRead(path));
        _metadata = _file.GetMetadataReader();
        _symbolFile = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(path, ".pdb")));
        _symbols = _symbolFile.GetMetadataReader();
    }

    public string Name { get; }

    public static Compiled Open(string project) => new(Path.Combine(AppContext.BaseDirectory, project + ".dll"));

    /// <summary>The types of other assemblies that are used, with their namespace.</summary>
    public IEnumerable<string> Types() => _metadata.TypeReferences.Select(NameOf);

    /// <summary>The members of other assemblies that are used: the type's full name, the member, its parameters.</summary>
    public IEnumerable<string> Members()
    {
        foreach (var handle in _metadata.MemberReferences)
        {
            var member = _metadata.GetMemberReference(handle);
            if (member.Parent.Kind != HandleKind.TypeReference) continue;
            var parameters = member.GetKind() == MemberReferenceKind.Method
                ? string.Join(", ", member.DecodeMethodSignature(TypeNames.Instance, null).ParameterTypes)
                : "";
            yield return $"{NameOf((TypeReferenceHandle)member.Parent)}.{_metadata.GetString(member.Name)}({parameters})";
        }
    }

    /// <summary>Each method with the lines from its first to its last statement.</summary>
    /// <remarks>Constructors are left out: what initialises a type's members is spread over the whole type.</remarks>
    public IEnumerable<(string Method, int Lines)> Lengths()
    {
        foreach (var handle in _metadata.MethodDefinitions)
        {
            var method = _metadata.GetMethodDefinition(handle);
            var name = _metadata.GetString(method.Name);
            if (name is ".ctor" or ".cctor") continue;
            var points = _symbols.GetMethodDebugInformation(handle).GetSequencePoints().Where(point => !point.IsHidden && IsWritten(point.Document)).ToList();
            if (points.Count == 0) continue;
            var type = _metadata.GetTypeDefinition(method.GetDeclaringType());
            yield return ($"{Name}: {_metadata.GetString(type.Name)}.{name}",
                points.Max(point => point.EndLine) - points.Min(point => point.StartLine) + 1);
        }
    }

    /// <summary>What a generator made lies among the build's own files, or nowhere.</summary>
    private bool IsWritten(DocumentHandle document) =>
        Path.GetRelativePath(Tree.Root, _symbols.GetString(_symbols.GetDocument(document).Name)).StartsWith("src", StringComparison.Ordinal);

    public void Dispose()
    {
        _symbolFile.Dispose();
        _file.Dispose();
    }

    private string NameOf(TypeReferenceHandle handle)
    {
        var type = _metadata.GetTypeReference(handle);
        var within = type.ResolutionScope.Kind == HandleKind.TypeReference
            ? NameOf((TypeReferenceHandle)type.ResolutionScope)
            : _metadata.GetString(type.Namespace);
        return $"{within}.{_metadata.GetString(type.Name)}";
    }

    /// <summary>Types in a signature, by their plain names.</summary>
    private sealed class TypeNames : ISignatureTypeProvider<string, object?>
    {
        public static readonly TypeNames Instance = new();

        public string GetArrayType(string elementType, ArrayShape shape) => elementType + "[,]";
        public string GetByReferenceType(string elementType) => "ref " + elementType;
        public string GetFunctionPointerType(MethodSignature<string> signature) => "function";
        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => genericType;
        public string GetGenericMethodParameter(object? genericContext, int index) => "!!" + index;
        public string GetGenericTypeParameter(object? genericContext, int index) => "!" + index;
        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;
        public string GetPinnedType(string elementType) => elementType;
        public string GetPointerType(string elementType) => elementType + "*";
        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();
        public string GetSZArrayType(string elementType) => elementType + "[]";
        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
            reader.GetString(reader.GetTypeDefinition(handle).Name);
        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
            reader.GetString(reader.GetTypeReference(handle).Name);
        public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);
    }
}
