import torch
def mqar_batch(generator, batch, n_pairs, vocab=256, length=None):
    half = vocab//2
    k = torch.stack([torch.randperm(half-1, generator=generator)[:n_pairs]+1 for _ in range(batch)]); v = torch.randint(half, vocab, k.shape, generator=generator)
    kv = torch.stack([k, v], 2).flatten(1); p = torch.stack([torch.randperm(n_pairs, generator=generator) for _ in range(batch)])
    q, a = k.gather(1, p), v.gather(1, p)
    ids = torch.cat([kv, q], 1); t = torch.cat([torch.full_like(kv, -100), a], 1)
    return ids, t
